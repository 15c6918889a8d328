import { Button, TextInput } from "@mantine/core";
import type { StatementLock } from "@sworn/contract";
import type { Lockable } from "@sworn/sdk";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMe, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { fromLocal, toLocal } from "../../ui/format/local-time.ts";
import { words } from "../../words/index.ts";
import { refreshMatters } from "./incident-queries.ts";

const say = words.incidents;
type Locked = StatementLock["people"][number];
type Step =
  | { readonly kind: "lock" }
  | { readonly kind: "record" | "end"; readonly lock: string; readonly person: Locked };

/** Who may not watch before their statement; a supervisor locks, records and unlocks. */
export function Locks(props: { of: Lockable; className?: string }): ReactElement | null {
  const { of: locked } = props;
  const may = useMay();
  const me = useMe();
  const moments = useMoments();
  const [step, setStep] = useState<Step | null>(null);
  const query = useQuery({
    queryKey: ["matters", locked.kind, locked.id, "locks"],
    queryFn: ({ signal }) => sworn.locks.list(locked, signal),
    enabled: may("incident.list"),
  });
  const locks = query.data ?? [];
  const manages = may("statement.lock");
  if (!manages && locks.length === 0) return null;
  const close = (): void => setStep(null);
  const done = async (change: Promise<unknown>): Promise<void> => {
    await change;
    await refreshMatters();
  };
  const of = step === null || step.kind === "lock" ? null : { lock: step.lock, person: step.person.id };
  const name = step === null || step.kind === "lock" ? "" : step.person.name;
  const factsOf = (person: Locked): string =>
    [
      person.statementAt === null
        ? say.statementNone
        : say.statementTaken(moments.full(person.statementAt), person.takenBy ?? say.somebody),
      ...(person.endedAt === null ? [] : [say.lockEnded(person.endedBy ?? say.somebody, moments.full(person.endedAt))]),
    ].join(" · ");
  return (
    <section className={props.className ?? "panel"} aria-labelledby="locks-title">
      <h2 id="locks-title">{say.locks}</h2>
      <p className="small soft">{locked.kind === "incident" ? say.locksWhy : say.lockItemWhy}</p>
      {query.isError ? <p role="alert">{reasonOf(query.error)}</p> : null}
      {locks.map((lock) => (
        <div key={lock.id} className="matter-item">
          <p className="small soft lock-line">
            <IconLock size={14} aria-hidden="true" />
            {say.lockedSince(lock.placedBy ?? say.somebody, moments.full(lock.placedAt))}: {lock.reason}
          </p>
          <ul className="matter-items">
            {lock.people.map((person) => (
              <li key={person.id}>
                <span className="matter-item">
                  <span>{person.name}</span>
                  <span className="small soft">{factsOf(person)}</span>
                </span>
                {manages && person.endedAt === null && person.id !== me.person?.id ? (
                  <span className="matter-item-acts">
                    {person.statementAt === null ? (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={say.recordOf(person.name)}
                        onClick={() => setStep({ kind: "record", lock: lock.id, person })}
                      >
                        {say.record}
                      </Button>
                    ) : null}
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={say.endOf(person.name)}
                      onClick={() => setStep({ kind: "end", lock: lock.id, person })}
                    >
                      {say.end}
                    </Button>
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {manages ? (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => setStep({ kind: "lock" })}>
            {say.lock}
          </Button>
        </div>
      ) : null}
      <FormDialog
        open={step?.kind === "lock"}
        onClose={close}
        title={locked.kind === "incident" ? say.lockTitle : say.lockItemTitle}
        lead={locked.kind === "incident" ? say.lockLead : say.lockItemLead}
        submit={say.lock}
        onSubmit={(form) => done(sworn.locks.place(locked, { reason: textOf(form, "reason") }))}
      >
        {() => <TextInput name="reason" label={say.lockReason} required maxLength={1000} autoComplete="off" />}
      </FormDialog>
      <FormDialog
        open={step?.kind === "record"}
        onClose={close}
        title={say.recordOf(name)}
        submit={say.record}
        onSubmit={async (form) => {
          const at = fromLocal(textOf(form, "at"), moments.zone);
          if (of === null || at === null) return;
          await done(sworn.locks.recordStatement(locked, of, { at, takenBy: textOf(form, "takenBy") }));
        }}
      >
        {() => (
          <>
            <label className="field">
              <span className="field-name">{say.takenAt}</span>
              <input
                type="datetime-local"
                name="at"
                className="field-select"
                required
                defaultValue={toLocal(new Date().toISOString(), moments.zone)}
              />
            </label>
            <TextInput
              name="takenBy"
              label={say.takenBy}
              required
              maxLength={200}
              defaultValue={me.person?.name ?? ""}
            />
          </>
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "end"}
        onClose={close}
        title={say.endOf(name)}
        submit={say.end}
        onSubmit={async (form) => {
          if (of === null) return;
          const end = { reason: textOf(form, "reason"), mistake: form.has("mistake") };
          await done(sworn.locks.end(locked, of, end));
        }}
      >
        {() => (
          <>
            <TextInput name="reason" label={say.lockReason} required maxLength={1000} autoComplete="off" />
            {step?.kind === "end" && step.person.statementAt === null ? (
              <label className="matter-check">
                <input type="checkbox" name="mistake" />
                <span>{say.endMistake}</span>
              </label>
            ) : null}
          </>
        )}
      </FormDialog>
    </section>
  );
}
