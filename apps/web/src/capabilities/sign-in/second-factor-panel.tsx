import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { TotpSetUp } from "./totp-set-up.tsx";
import "./second-factor.css";

type Step = "set-up" | "renew" | "remove" | { readonly codes: readonly string[] } | null;

/** One's own authenticator app and recovery codes. */
export function SecondFactorPanel(): ReactElement {
  const say = words.people.factors;
  const [step, setStep] = useState<Step>(null);
  const query = useQuery({ queryKey: ["own-factors"], queryFn: ({ signal }) => sworn.signIn.factors(signal) });
  const done = (): void => {
    setStep(null);
    void queries.invalidateQueries({ queryKey: ["own-factors"] });
    void queries.invalidateQueries({ queryKey: ["own-sessions"] });
  };
  const has = query.data;
  return (
    <section className="account-part" aria-labelledby="account-factors">
      <h2 id="account-factors">{say.title}</h2>
      <p className="small quiet">{say.why}</p>
      {query.isError ? (
        <p role="alert" className="account-problem">
          {reasonOf(query.error)}
        </p>
      ) : null}
      {has === undefined ? null : (
        <p>
          {has.totp ? `${say.on} ${say.left(has.recoveryCodesLeft)}` : say.off} {has.needed ? say.needed : null}
        </p>
      )}
      {step === null && has !== undefined ? (
        <div className="factor-acts">
          {has.totp ? (
            <>
              <Button variant="default" onClick={() => setStep("renew")}>
                {say.renew}
              </Button>
              <Button variant="default" onClick={() => setStep("remove")}>
                {say.remove}
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setStep("set-up")}>
              {say.setUp}
            </Button>
          )}
        </div>
      ) : null}
      {step === "set-up" ? <TotpSetUp onDone={done} onCancel={() => setStep(null)} /> : null}
      {step === "renew" ? (
        <WithPassword
          submit={say.renew}
          act={async (password) => setStep({ codes: await sworn.signIn.renewRecoveryCodes(password) })}
          onCancel={() => setStep(null)}
        />
      ) : null}
      {step === "remove" ? (
        <WithPassword
          submit={say.remove}
          act={async (password) => {
            await sworn.signIn.removeTotp(password);
            done();
          }}
          onCancel={() => setStep(null)}
        />
      ) : null}
      {step !== null && typeof step === "object" ? <RecoveryCodes codes={step.codes} onKept={done} /> : null}
    </section>
  );
}

/** What changes how one signs in asks for the password again. */
export function WithPassword(props: {
  submit: string;
  act: (password: string) => Promise<void>;
  onCancel: () => void;
}): ReactElement {
  const say = words.people.factors;
  const act = useMutation({ mutationFn: (form: FormData) => props.act(textOf(form, "password")), gcTime: 0 });
  return (
    <form
      className="factor-step"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate(new FormData(event.currentTarget));
      }}
    >
      <PasswordInput
        name="password"
        label={say.passwordFirst}
        autoComplete="current-password"
        required
        maxLength={256}
        autoFocus
      />
      {act.isError ? (
        <p role="alert" className="account-problem">
          {reasonOf(act.error)}
        </p>
      ) : null}
      <div className="factor-acts">
        <Button type="submit" loading={act.isPending}>
          {props.submit}
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          {say.cancel}
        </Button>
      </div>
    </form>
  );
}
