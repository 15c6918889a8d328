import type { Evidence, Family } from "@sworn/contract";
import { IconCamera, IconMovie, IconScissors } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { words } from "../../../words/index.ts";
import { sayStretch, stretchOf } from "../markers/place.ts";
import type { Part } from "../stage/parts.ts";
import { familyQuery } from "./derivatives-query.ts";

const say = words.derivatives;
type Member = Family["items"][number];

/** The original and what was made from it. Nothing where it stands alone. */
export function FamilyTree(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement | null {
  const { evidence } = props;
  const { data } = useQuery(familyQuery(evidence.id));
  if (data === undefined || data.items.length < 2) return null;
  const roots = data.items.filter(({ made }) => made === null);
  return (
    <nav aria-label={say.family} className="family">
      <h3 className="small soft">{say.family}</h3>
      <Branch of={roots} all={data.items} self={evidence.id} parts={props.parts} />
      {data.more ? <p className="small quiet">{say.more}</p> : null}
    </nav>
  );
}

function Branch(props: {
  of: readonly Member[];
  all: readonly Member[];
  self: string;
  parts: readonly Part[];
}): ReactElement {
  const { all, self, parts } = props;
  return (
    <ul>
      {props.of.map((member) => {
        const { id, title, made } = member;
        const Icon = made === null ? IconMovie : made.kind === "clip" ? IconScissors : IconCamera;
        const below = all.filter((each) => each.made?.from === id);
        // The parts on the page are this item's: of another one's ranges only the kind is said.
        const where = made?.from === self ? sayStretch(stretchOf(made, parts)) : null;
        return (
          <li key={id}>
            <Icon size={15} stroke={1.7} aria-hidden="true" />{" "}
            {id === self ? (
              <strong aria-current="page">{title}</strong>
            ) : (
              <Link to="/evidence/$id" params={{ id }}>
                {title}
              </Link>
            )}{" "}
            <span className="small quiet">
              {made === null
                ? say.original
                : where === null
                  ? `${say.kinds[made.kind]}, ${made.by.name}`
                  : say.from(say.kinds[made.kind], where, made.by.name)}
              {id === self ? ` · ${say.thisOne}` : ""}
            </span>
            {below.length === 0 ? null : <Branch {...props} of={below} />}
          </li>
        );
      })}
    </ul>
  );
}
