import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { ShareDialog } from "./share-dialog.tsx";
import { refreshShares } from "./sharing-query.ts";
import "./sharing.css";

const say = words.sharing;

/** On a case: who outside has what of it, what was added since, and how all of that ends. */
export function CaseShares(props: { id: string }): ReactElement | null {
  const { id } = props;
  const may = useMay();
  const moments = useMoments();
  const [step, setStep] = useState<"share" | "end" | null>(null);
  const [told, setTold] = useState("");
  const query = useQuery({
    queryKey: ["shares", "case", id],
    queryFn: ({ signal }) => sworn.sharing.ofCase(id, signal),
    enabled: may("share.list"),
  });
  if (!may("share.list")) return null;
  const { shares = [], unshared = [] } = query.data ?? {};
  const lasting = shares.filter(({ state }) => state === "active");
  return (
    <section className="panel" aria-labelledby="case-shares-title">
      <h2 id="case-shares-title">{say.outside}</h2>
      {query.isError ? <p role="alert">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && lasting.length === 0 ? <p className="soft">{say.caseNobody}</p> : null}
      <ul className="case-shares">
        {lasting.map((share) => (
          <li key={share.id}>
            <p>
              {share.people.map(({ name, role }) => (role === null ? name : `${name} (${say.roles[role]})`)).join(", ")}
            </p>
            <p className="small soft">
              {say.items(share.items ?? 0)}, {share.mayDownload ? say.mayKeep : say.mayLook} ·{" "}
              {say.caseUntil(moments.day(share.expiresAt))}
            </p>
            <p className="small soft">{share.reason}</p>
          </li>
        ))}
      </ul>
      {lasting.length > 0 && unshared.length > 0 ? <p className="soft">{say.caseAdded(unshared.length)}</p> : null}
      <p role="status" className="small">
        {told}
      </p>
      <div className="case-shares-acts">
        {may("share.make") && unshared.length > 0 ? (
          <Button size="compact-sm" variant="default" onClick={() => setStep("share")}>
            {lasting.length === 0 ? say.caseShare : say.caseShareAdded}
          </Button>
        ) : null}
        {may("share.revoke") && lasting.length > 0 ? (
          <Button size="compact-sm" variant="default" onClick={() => setStep("end")}>
            {say.caseEnd}
          </Button>
        ) : null}
      </div>
      <ShareDialog
        open={step === "share"}
        items={unshared}
        caseId={id}
        onClose={() => setStep(null)}
        onDone={({ text }) => {
          setTold(text);
          setStep(null);
        }}
      />
      <FormDialog
        open={step === "end"}
        onClose={() => setStep(null)}
        title={say.caseEnd}
        lead={say.caseEndLead}
        submit={say.caseEnd}
        onSubmit={async (form) => {
          const ended = await sworn.sharing.revokeCase(id, textOf(form, "reason"));
          setTold(say.caseEnded(ended.length));
          await refreshShares();
        }}
      >
        {() => <Textarea name="reason" label={say.reason} required maxLength={1000} autosize minRows={2} />}
      </FormDialog>
    </section>
  );
}
