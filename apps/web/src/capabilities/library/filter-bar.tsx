import { IconAdjustmentsHorizontal, IconLayoutGrid, IconList, IconMap, IconX } from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import { words } from "../../words/index.ts";
import type { Chip } from "./chips.ts";
import type { LibrarySearch } from "./search.ts";

const say = words.library;

/** What is set, each with its own way out; and how the items are shown. */
export function FilterBar(props: {
  chips: readonly Chip[];
  as: "grid" | "list" | "map";
  /** Views that are kept. */
  views: ReactNode;
  /** Whether the panel beside the items is open; undefined: the filters have a dialog of their own. */
  panelOpen: boolean | undefined;
  /** Where items lie is for those who may see their path. */
  mayMap: boolean;
  onGo: (search: LibrarySearch) => void;
  onClear: () => void;
  onFilters: () => void;
  onAs: (as: "list" | "map" | undefined) => void;
}): ReactElement {
  const { chips, as, panelOpen } = props;
  return (
    <div className="filters">
      {props.views}
      {chips.length === 0 ? null : (
        <ul className="chips" aria-label={say.filters.shown}>
          {chips.map((chip) => (
            <li key={chip.key} className="chip">
              <span className="chip-text">{chip.label}</span>
              <button
                type="button"
                aria-label={say.filters.remove(chip.label)}
                onClick={() => props.onGo(chip.without)}
              >
                <IconX size={14} aria-hidden="true" />
              </button>
            </li>
          ))}
          <li>
            <button type="button" className="link-button small" aria-label={say.clear} onClick={props.onClear}>
              {say.clearShort}
            </button>
          </li>
        </ul>
      )}
      <span className="filters-space" />
      <button
        type="button"
        className="bar-button"
        onClick={props.onFilters}
        {...(panelOpen === undefined
          ? { "aria-haspopup": "dialog" as const }
          : { "aria-expanded": panelOpen, title: panelOpen ? say.filters.hide : say.filters.show })}
      >
        <IconAdjustmentsHorizontal size={16} aria-hidden="true" /> {say.filters.open(chips.length)}
      </button>
      <div className="views" role="group" aria-label={say.view}>
        <button type="button" aria-pressed={as === "grid"} onClick={() => props.onAs(undefined)}>
          <IconLayoutGrid size={16} aria-hidden="true" /> <span>{say.grid}</span>
        </button>
        <button type="button" aria-pressed={as === "list"} onClick={() => props.onAs("list")}>
          <IconList size={16} aria-hidden="true" /> <span>{say.list}</span>
        </button>
        {props.mayMap ? (
          <button type="button" aria-pressed={as === "map"} onClick={() => props.onAs("map")}>
            <IconMap size={16} aria-hidden="true" /> <span>{say.map.title}</span>
          </button>
        ) : null}
      </div>
    </div>
  );
}
