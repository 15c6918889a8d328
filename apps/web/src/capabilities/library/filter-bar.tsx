import { EvidenceKind, EvidenceState } from "@sworn/contract";
import { IconLayoutGrid, IconList, IconX } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { words } from "../../words/index.ts";
import type { LibrarySearch } from "./filter.ts";

const say = words.library;

/** Kind, state and text, all kept in the address; and how the items are shown. */
export function FilterBar(props: {
  search: LibrarySearch;
  onChange: (change: { [K in keyof LibrarySearch]: string | undefined }) => void;
}): ReactElement {
  const { search, onChange } = props;
  const filtered = search.q !== undefined || search.kind !== undefined || search.state !== undefined;
  return (
    <div className="filters">
      <Choice
        name={say.kind}
        value={search.kind}
        options={EvidenceKind.options.map((kind) => [kind, words.evidence.kinds[kind]])}
        onChange={(kind) => onChange({ kind })}
      />
      <Choice
        name={say.state}
        value={search.state}
        options={EvidenceState.options.map((state) => [state, words.evidence.states[state]])}
        onChange={(state) => onChange({ state })}
      />
      {search.q === undefined ? null : (
        <span className="chip chip-set">
          {say.textFilter(search.q)}
          <button type="button" aria-label={say.removeText} onClick={() => onChange({ q: undefined })}>
            <IconX size={14} aria-hidden="true" />
          </button>
        </span>
      )}
      {filtered ? (
        <button
          type="button"
          className="link-button small"
          onClick={() => onChange({ q: undefined, kind: undefined, state: undefined })}
        >
          {say.clear}
        </button>
      ) : null}
      <span className="filters-space" />
      <div className="views" role="group" aria-label={say.view}>
        <button type="button" aria-pressed={search.as !== "list"} onClick={() => onChange({ as: undefined })}>
          <IconLayoutGrid size={16} aria-hidden="true" /> {say.grid}
        </button>
        <button type="button" aria-pressed={search.as === "list"} onClick={() => onChange({ as: "list" })}>
          <IconList size={16} aria-hidden="true" /> {say.list}
        </button>
      </div>
    </div>
  );
}

function Choice(props: {
  name: string;
  value: string | undefined;
  options: readonly (readonly [string, string])[];
  onChange: (value: string | undefined) => void;
}): ReactElement {
  return (
    <label className={`chip${props.value === undefined ? "" : " chip-set"}`}>
      <span>{props.name}:</span>
      <select
        value={props.value ?? ""}
        onChange={(event) => props.onChange(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
      >
        <option value="">{say.any}</option>
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
