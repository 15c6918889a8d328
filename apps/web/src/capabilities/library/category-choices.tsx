import type { Category, Evidence } from "@sworn/contract";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { categoriesQuery } from "./use-facets.ts";

const say = words.library.categorise;
export type Wish = "add" | "remove";
/** Fewer are found faster with the eye. */
const worthFinding = 9;

/** Every category with what the items have of it; each may be added, removed or left. */
export function CategoryChoices(props: {
  items: readonly Evidence[];
  wishes: ReadonlyMap<string, Wish>;
  onWishes: (wishes: ReadonlyMap<string, Wish>) => void;
}): ReactElement {
  const { items, wishes, onWishes } = props;
  const [find, setFind] = useState("");
  const { data, error } = useQuery(categoriesQuery);
  const have = (id: string): number => items.filter(({ categories }) => categories.some((one) => one.id === id)).length;
  const all = (data?.items ?? []).filter(({ id, archivedAt }) => archivedAt === null || have(id) > 0);
  const shown = all.filter(({ id, name }) => wishes.has(id) || name.toLowerCase().includes(find.trim().toLowerCase()));
  const wish = (id: string, one: Wish): void => {
    const next = new Map(wishes);
    if (next.get(id) === one) next.delete(id);
    else next.set(id, one);
    onWishes(next);
  };
  if (error !== null) return <p className="facet-problem">{reasonOf(error)}</p>;
  if (data !== undefined && all.length === 0) return <p className="quiet">{say.none}</p>;
  return (
    <div className="choices">
      {all.length < worthFinding ? null : (
        <input
          type="search"
          className="choices-find"
          placeholder={say.find}
          aria-label={say.find}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
      )}
      <ul>
        {shown.map((category) => (
          <CategoryChoice
            key={category.id}
            category={category}
            have={have(category.id)}
            of={items.length}
            wish={wishes.get(category.id)}
            onWish={(one) => wish(category.id, one)}
          />
        ))}
      </ul>
    </div>
  );
}

function CategoryChoice(props: {
  category: Category;
  have: number;
  of: number;
  wish: Wish | undefined;
  onWish: (wish: Wish) => void;
}): ReactElement {
  const { category, have, of, wish, onWish } = props;
  const facts = [
    say.keep(category.keep),
    ...(category.archivedAt === null ? [] : [say.archived]),
    ...(have === 0 ? [] : [say.has(have, of)]),
  ];
  return (
    <li className={`choice${wish === undefined ? "" : ` choice-${wish}`}`}>
      <span className="choice-text">
        <b>{category.name}</b>
        <span className="small quiet nums">
          {facts.join(" · ")}
          {category.restrictedClassId === null ? null : (
            <span className="choice-lock mark-restricted">
              <IconLock size={12} aria-hidden="true" /> {say.restricts}
            </span>
          )}
        </span>
      </span>
      <span className="views" role="group" aria-label={category.name}>
        {(["add", "remove"] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={wish === one}
            disabled={one === "add" ? have === of || category.archivedAt !== null : have === 0}
            onClick={() => onWish(one)}
          >
            {say[one]}
          </button>
        ))}
      </span>
    </li>
  );
}
