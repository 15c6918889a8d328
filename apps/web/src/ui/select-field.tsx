import { useId, type ReactElement } from "react";

export interface Choice {
  readonly value: string;
  readonly name: string;
}

/** The browser's own list: it opens as a wheel on a phone and takes typing at a desk. */
export function SelectField(props: {
  label: string;
  name: string;
  choices: readonly Choice[];
  defaultValue?: string;
  hint?: string | null;
  disabled?: boolean;
  onChange?: (value: string) => void;
}): ReactElement {
  const hintId = useId();
  const hint = props.hint ?? null;
  return (
    <div className="field">
      <label>
        <span className="field-name">{props.label}</span>
        <select
          name={props.name}
          className="field-select field-wide"
          defaultValue={props.defaultValue}
          disabled={props.disabled}
          aria-describedby={hint === null ? undefined : hintId}
          onChange={(event) => props.onChange?.(event.currentTarget.value)}
        >
          {props.choices.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p id={hintId} className="small soft" aria-live="polite">
        {hint}
      </p>
    </div>
  );
}
