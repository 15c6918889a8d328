import { callStates } from "@sworn/contract";
import type { ReactElement } from "react";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { type CallSearch, without } from "./search.ts";

const say = words.calls;

/** Text, days and state; Enter in the text asks, days and state ask as they are chosen. */
export function CallsFind(props: { search: CallSearch; onSearch: (search: CallSearch) => void }): ReactElement {
  const { search } = props;
  const ask = (form: HTMLFormElement | null, more: CallSearch = {}): void => {
    if (form === null) return;
    const data = new FormData(form);
    const [q, from, to, state] = ["find", "from", "to", "state"].map((name) => textOf(data, name).trim());
    props.onSearch(without({ q, from, to, state: callStates.find((one) => one === state), ...more } as CallSearch));
  };
  return (
    <form
      className="matters-find"
      role="search"
      aria-label={say.find}
      onSubmit={(event) => {
        event.preventDefault();
        ask(event.currentTarget);
      }}
    >
      <input
        name="find"
        type="search"
        className="field-select matters-find-text"
        aria-label={say.find}
        placeholder={say.find}
        defaultValue={search.q ?? ""}
        maxLength={100}
      />
      {(["from", "to"] as const).map((name) => (
        <label key={name} className="field calls-day">
          <span className="field-name">{name === "from" ? say.fromDay : say.toDay}</span>
          <input
            name={name}
            type="date"
            className="field-select"
            defaultValue={search[name] ?? ""}
            onBlur={(event) => {
              if (event.currentTarget.value !== (search[name] ?? "")) ask(event.currentTarget.form);
            }}
          />
        </label>
      ))}
      <label className="field calls-day">
        <span className="field-name">{say.stateLabel}</span>
        <select
          name="state"
          className="field-select"
          defaultValue={search.state ?? ""}
          onChange={(event) => ask(event.currentTarget.form)}
        >
          <option value="">{say.allStates}</option>
          {callStates.map((state) => (
            <option key={state} value={state}>
              {say.states[state]}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
