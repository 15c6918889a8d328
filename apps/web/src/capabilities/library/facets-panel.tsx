import type { FacetName } from "@sworn/contract";
import type { ReactElement } from "react";
import { words } from "../../words/index.ts";
import { FacetGroup } from "./facet-group.tsx";
import { IncidentGroup } from "./incident-group.tsx";
import { knownValues } from "./filter.ts";
import { toggled, type LibrarySearch, type SearchChange } from "./search.ts";
import type { Facets } from "./use-facets.ts";
import { LengthGroup, WhenGroup } from "./when-group.tsx";
import "./facets-panel.css";

const say = words.library.filters;
const fields: readonly FacetName[] = ["is", "unit", "category", "person", "device", "kind", "state"];

/** Everything the library can be narrowed by, with what each choice would leave. */
export function FacetsPanel(props: {
  search: LibrarySearch;
  facets: Facets;
  onChange: (change: SearchChange) => void;
}): ReactElement {
  const { search, facets, onChange } = props;
  const group = (field: FacetName): ReactElement => (
    <FacetGroup
      key={field}
      field={field}
      facet={facets.of(field)}
      chosen={knownValues(field, search[field])}
      onToggle={(value) => onChange({ [field]: toggled(search[field], value) })}
    />
  );
  return (
    <div className="facets-all">
      {facets.failed ? (
        <p className="small facet-problem" role="status">
          {say.failed}
        </p>
      ) : null}
      {facets.capped ? <p className="small soft facets-capped">{say.capped(facets.counted)}</p> : null}
      <WhenGroup search={search} onChange={onChange} />
      {fields.map(group)}
      <LengthGroup search={search} onChange={onChange} />
      <IncidentGroup search={search} onChange={onChange} />
    </div>
  );
}
