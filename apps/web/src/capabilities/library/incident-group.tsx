import type { ReactElement } from "react";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import type { LibrarySearch, SearchChange } from "./search.ts";

/** The number of an incident, typed or scanned, taken with Enter. */
export function IncidentGroup(props: {
  search: LibrarySearch;
  onChange: (change: SearchChange) => void;
}): ReactElement {
  const now = props.search.incident ?? "";
  return (
    <form
      className="facet-field"
      onSubmit={(event) => {
        event.preventDefault();
        const incident = textOf(new FormData(event.currentTarget), "incident").trim();
        props.onChange({ incident: incident === "" ? undefined : incident });
      }}
    >
      <label className="facet-field">
        <span className="small soft">{words.incidents.giveLabel}</span>
        <input key={now} name="incident" defaultValue={now} maxLength={60} autoComplete="off" />
      </label>
    </form>
  );
}
