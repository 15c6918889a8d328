import { importFields, type ImportAnswer, type ImportKind, TableEncoding } from "@sworn/contract";
import type { ReactElement } from "react";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";

const say = words.imports;

/** Which column says what, and how times and letters are written: as it was read, and to be corrected. */
export function HowToRead(props: { kind: ImportKind; answer: ImportAnswer; onChange: () => void }): ReactElement {
  const { kind, answer } = props;
  const fields: Readonly<Record<string, boolean>> = importFields[kind];
  const timed = kind !== "people";
  return (
    <fieldset className="import-how" onChange={props.onChange}>
      <legend>{say.columns}</legend>
      {Object.entries(fields).map(([field, must]) => (
        <SelectField
          key={field}
          label={must ? `${say.fields[field] ?? field} (${say.must})` : (say.fields[field] ?? field)}
          name={`map-${field}`}
          defaultValue={answer.mapping[field] ?? ""}
          choices={[
            { value: "", name: say.noColumn },
            ...answer.columns.map((column) => ({ value: column, name: column })),
          ]}
        />
      ))}
      {timed ? (
        <>
          <label className="field">
            <span className="field-name">{say.zone}</span>
            <input name="zone" className="field-select field-wide" defaultValue={answer.zone} maxLength={60} />
          </label>
          <SelectField
            label={say.dateOrder}
            name="dateOrder"
            defaultValue={answer.dateOrder}
            choices={(["mdy", "dmy"] as const).map((value) => ({ value, name: say.dateOrders[value] }))}
          />
        </>
      ) : null}
      <SelectField
        label={say.encoding}
        name="encoding"
        defaultValue={answer.encoding}
        hint={answer.encodingSure ? null : say.guessed}
        choices={TableEncoding.options.map((value) => ({ value, name: say.encodings[value] }))}
      />
    </fieldset>
  );
}
