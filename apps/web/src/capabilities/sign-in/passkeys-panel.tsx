import { Button, TextInput } from "@mantine/core";
import type { Passkey } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { queries, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { AddPasskey } from "./add-passkey.tsx";
import { WithPassword } from "./second-factor-panel.tsx";
import { passkeysWork } from "./use-passkey.ts";

type Step = { readonly kind: "rename" | "remove"; readonly passkey: Passkey } | "add" | null;

/** One's own passkeys: added, named, removed. */
export function PasskeysPanel(): ReactElement {
  const say = words.people.passkeys;
  const moments = useMoments();
  const [step, setStep] = useState<Step>(null);
  const query = useQuery({ queryKey: ["own-factors"], queryFn: ({ signal }) => sworn.signIn.factors(signal) });
  const items = query.data?.passkeys ?? [];
  const done = (): void => {
    setStep(null);
    void queries.invalidateQueries({ queryKey: ["own-factors"] });
  };
  const renaming = step !== null && step !== "add" && step.kind === "rename" ? step.passkey : null;
  return (
    <section className="account-part" aria-labelledby="account-passkeys">
      <h2 id="account-passkeys">{say.title}</h2>
      <p className="small quiet">{say.why}</p>
      {query.isSuccess && items.length === 0 ? <p>{say.none}</p> : null}
      {items.length === 0 ? null : (
        <ul className="account-sessions">
          {items.map((passkey) => (
            <li key={passkey.id} className="account-session">
              <div>
                <div>{passkey.name}</div>
                <div className="small soft">{say.added(moments.full(passkey.createdAt))}</div>
              </div>
              <div className="factor-acts">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={say.renameOf(passkey.name)}
                  onClick={() => setStep({ kind: "rename", passkey })}
                >
                  {say.rename}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={say.removeOf(passkey.name)}
                  onClick={() => setStep({ kind: "remove", passkey })}
                >
                  {say.remove}
                </Button>
              </div>
              {step !== null && step !== "add" && step.kind === "remove" && step.passkey.id === passkey.id ? (
                <WithPassword
                  submit={say.removeOf(passkey.name)}
                  act={async (password) => {
                    await sworn.signIn.removePasskey(passkey.id, password);
                    done();
                  }}
                  onCancel={() => setStep(null)}
                />
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {step === "add" ? <AddPasskey onDone={done} onCancel={() => setStep(null)} /> : null}
      {step === null && passkeysWork() ? (
        <div>
          <Button variant="default" onClick={() => setStep("add")}>
            {say.add}
          </Button>
        </div>
      ) : null}
      {passkeysWork() ? null : <p className="small quiet">{say.notHere}</p>}
      <FormDialog
        open={renaming !== null}
        onClose={() => setStep(null)}
        title={say.renameOf(renaming?.name ?? "")}
        submit={words.admin.save}
        onSubmit={async (form) => {
          if (renaming !== null) await sworn.signIn.renamePasskey(renaming.id, textOf(form, "name"));
          done();
        }}
      >
        {() => (
          <TextInput
            name="name"
            label={say.name}
            defaultValue={renaming?.name ?? ""}
            required
            maxLength={60}
            autoComplete="off"
          />
        )}
      </FormDialog>
    </section>
  );
}
