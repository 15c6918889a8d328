import type { Category } from "@sworn/contract";
import { IconLock } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { words } from "../../../words/index.ts";

const say = words.mine;
const { categorise } = words.library;

/** Every category as a large target; the first nine have a key. */
export function CategoryKeys(props: {
  categories: readonly Category[];
  loaded: boolean;
  chosen: readonly string[];
  onToggle: (id: string) => void;
}): ReactElement {
  const { categories, loaded, chosen, onToggle } = props;
  return (
    <fieldset className="mine-categories">
      <legend>{say.categories}</legend>
      {loaded && categories.length === 0 ? <p className="quiet">{categorise.none}</p> : null}
      {categories.map(({ id, name, keep, restrictedClassId }, index) => (
        <label key={id} className={`mine-category${chosen.includes(id) ? " mine-chosen" : ""}`}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            aria-keyshortcuts={index < 9 ? String(index + 1) : undefined}
            onChange={() => onToggle(id)}
          />
          <span className="mine-category-text">
            <b>{name}</b>
            <span className="small soft">
              {categorise.keep(keep)}
              {restrictedClassId === null ? null : (
                <span className="mark-restricted">
                  {" · "}
                  <IconLock size={12} aria-hidden="true" /> {categorise.restricts}
                </span>
              )}
            </span>
          </span>
          {index < 9 ? <kbd aria-hidden="true">{index + 1}</kbd> : null}
        </label>
      ))}
    </fieldset>
  );
}
