import type { Assignment } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMe } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { fromLocal, toLocal } from "../../ui/format/local-time.ts";
import { SelectField } from "../../ui/select-field.tsx";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { choicesQuery, refreshShifts, setBack, suggested } from "./shifts-query.ts";

const say = words.shifts;

export interface ShiftStep {
  readonly kind: "correct" | "withdraw";
  readonly shift: Assignment;
}

/** A shift that was written down wrongly: who it was, from when until when, or that it never was. */
export function ShiftDialogs(props: {
  step: ShiftStep | null;
  onClose: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  const { step, onClose, onDone } = props;
  const { timeZone } = useMe().agency;
  const choices = useQuery(choicesQuery);
  const shift = step?.shift;
  const camera = shift?.device.name ?? "";
  const others = (choices.data?.people ?? []).filter(({ id }) => id !== shift?.person.id);
  const people = shift === undefined ? others : [shift.person, ...others];
  const correct = async (form: FormData): Promise<void> => {
    if (shift === undefined) return;
    // A field shows minutes: one that was not touched keeps its seconds.
    const local = (instant: string | null): string => (instant === null ? "" : toLocal(instant, timeZone));
    const [from, to] = [textOf(form, "from"), textOf(form, "to")];
    const begins = fromLocal(from, timeZone);
    if (begins === null) throw new Error(say.badTime);
    const ends = fromLocal(to, timeZone);
    await sworn.shifts.change(shift.id, {
      person: textOf(form, "person"),
      ...(from === local(shift.from) ? {} : { from: begins }),
      ...(to === local(shift.to) ? {} : { to: ends }),
    });
    await refreshShifts();
    onDone({
      text: say.wasCorrected(camera),
      undo: async () => {
        await setBack(shift);
        return say.undone;
      },
    });
  };
  return (
    <>
      <FormDialog
        open={step?.kind === "correct"}
        onClose={onClose}
        title={say.correctTitle(camera)}
        lead={say.correctLead(timeZone)}
        submit={words.admin.save}
        onSubmit={correct}
      >
        {() => (
          <>
            <SelectField
              name="person"
              label={say.wearer}
              defaultValue={shift?.person.id ?? ""}
              choices={people.map((one) => ({ value: one.id, name: suggested(one) }))}
            />
            <Time name="from" label={say.since} at={shift?.from ?? null} zone={timeZone} required />
            <Time name="to" label={say.until} hint={say.untilHint} at={shift?.to ?? null} zone={timeZone} />
          </>
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "withdraw"}
        onClose={onClose}
        title={say.withdrawTitle(camera, shift?.person.name ?? "")}
        lead={say.withdrawLead}
        submit={say.withdrawSubmit}
        onSubmit={async () => {
          if (shift === undefined) return;
          await sworn.shifts.change(shift.id, { withdrawn: true });
          await refreshShifts();
          onDone({
            text: say.wasWithdrawn(camera),
            // What was withdrawn stays so: the same is written down anew.
            undo: async () => {
              const { device, person, from, to } = shift;
              await sworn.shifts.checkOut({ device: device.id, person: person.id, from, to });
              await refreshShifts();
              return say.undone;
            },
          });
        }}
      />
    </>
  );
}

function Time(props: {
  name: string;
  label: string;
  hint?: string;
  at: string | null;
  zone: string;
  required?: boolean;
}): ReactElement {
  return (
    <label className="field">
      <span className="field-name">{props.label}</span>
      {props.hint === undefined ? null : <span className="small soft">{props.hint}</span>}
      <input
        type="datetime-local"
        name={props.name}
        className="field-select"
        required={props.required}
        defaultValue={props.at === null ? "" : toLocal(props.at, props.zone)}
      />
    </label>
  );
}
