import { Button } from "@mantine/core";
import { OutcomeKind } from "@sworn/contract";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { words } from "../../words/index.ts";

const say = words.incidents;

export interface PersonRow {
  readonly role: string;
  readonly name: string;
}
export interface OutcomeRow {
  readonly kind: OutcomeKind;
  readonly on: string | null;
  readonly words: string;
}

/** Who was there and as what, line by line. */
export function PeopleField(props: { people: readonly PersonRow[] }): ReactElement {
  const [rows, setRows] = useState(() => keyed(props.people));
  return (
    <fieldset className="row-field">
      <legend>{say.people}</legend>
      {rows.map(({ key, of }, at) => (
        <div key={key} className="row-field-line">
          <input
            name="role"
            className="field-select"
            aria-label={say.role(at + 1)}
            defaultValue={of.role}
            maxLength={60}
            required
          />
          <input
            name="person"
            className="field-select"
            aria-label={say.personName(at + 1)}
            defaultValue={of.name}
            maxLength={120}
            required
          />
          <Remove name={say.role(at + 1)} onClick={() => setRows(rows.filter((row) => row.key !== key))} />
        </div>
      ))}
      <Add name={say.addPerson} onClick={() => setRows([...rows, fresh({ role: "", name: "" })])} />
    </fieldset>
  );
}

/** What came of it, line by line. */
export function OutcomesField(props: { outcomes: readonly OutcomeRow[] }): ReactElement {
  const [rows, setRows] = useState(() => keyed(props.outcomes));
  return (
    <fieldset className="row-field">
      <legend>{say.outcomes}</legend>
      {rows.map(({ key, of }, at) => (
        <div key={key} className="row-field-line">
          <select name="outcome" className="field-select" aria-label={say.outcomeKind(at + 1)} defaultValue={of.kind}>
            {OutcomeKind.options.map((kind) => (
              <option key={kind} value={kind}>
                {say.outcome(kind)}
              </option>
            ))}
          </select>
          <input
            type="date"
            name="outcomeOn"
            className="field-select"
            aria-label={say.outcomeDay(at + 1)}
            defaultValue={of.on ?? ""}
          />
          <input type="hidden" name="outcomeWords" value={of.words} />
          <Remove name={say.outcomeKind(at + 1)} onClick={() => setRows(rows.filter((row) => row.key !== key))} />
        </div>
      ))}
      <Add
        name={say.addOutcome}
        onClick={() => setRows([...rows, fresh({ kind: "none" as const, on: null, words: "" })])}
      />
    </fieldset>
  );
}

const textsOf = (form: FormData, name: string): string[] =>
  form.getAll(name).filter((value) => typeof value === "string");

export function peopleOf(form: FormData): PersonRow[] {
  const names = textsOf(form, "person");
  return textsOf(form, "role").map((role, at) => ({ role, name: names[at] ?? "" }));
}

export function outcomesOf(form: FormData): OutcomeRow[] {
  const [days, said] = [textsOf(form, "outcomeOn"), textsOf(form, "outcomeWords")];
  return textsOf(form, "outcome").flatMap((text, at) => {
    const kind = OutcomeKind.safeParse(text);
    const day = days[at] ?? "";
    return kind.success ? [{ kind: kind.data, on: day === "" ? null : day, words: said[at] ?? "" }] : [];
  });
}

let last = 0;
const fresh = <T,>(of: T): { key: number; of: T } => ({ key: (last += 1), of });
const keyed = <T,>(rows: readonly T[]): { key: number; of: T }[] => rows.map(fresh);

function Remove(props: { name: string; onClick: () => void }): ReactElement {
  return (
    <button type="button" className="bulk-close" aria-label={say.removeRow(props.name)} onClick={props.onClick}>
      <IconX size={16} aria-hidden="true" />
    </button>
  );
}

function Add(props: { name: string; onClick: () => void }): ReactElement {
  return (
    <div>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={props.onClick}
      >
        {props.name}
      </Button>
    </div>
  );
}
