import type { FacetName } from "@sworn/contract";
import {
  IconAlertTriangle,
  IconFlagFilled,
  IconLock,
  IconMovieOff,
  IconPointFilled,
  IconTagOff,
  type Icon,
} from "@tabler/icons-react";
import { useState, type ReactElement, type ReactNode } from "react";
import { words } from "../../words/index.ts";
import type { Choice } from "./unit-tree.ts";
import type { Facet } from "./use-facets.ts";

const say = words.library.filters;
const shownFirst = 7;
/** The server names no more values of one field than this. */
const mostNamed = 50;

const signs: Readonly<Record<string, readonly [Icon, string]>> = {
  uncategorised: [IconTagOff, "neutral"],
  held: [IconFlagFilled, "held"],
  restricted: [IconLock, "restricted"],
  "not-playable": [IconMovieOff, "problem"],
  incomplete: [IconAlertTriangle, "problem"],
  live: [IconPointFilled, "recording"],
};

export function Group(props: { title: string; children: ReactNode }): ReactElement {
  return (
    <details className="facet" open>
      <summary>{props.title}</summary>
      <div className="facet-body" role="group" aria-label={props.title}>
        {props.children}
      </div>
    </details>
  );
}

/** The values of one field with how many items have them; any of the ticked ones. */
export function FacetGroup(props: {
  field: FacetName;
  facet: Facet;
  chosen: readonly string[];
  onToggle: (value: string) => void;
}): ReactElement | null {
  const { field, facet, chosen, onToggle } = props;
  const [all, setAll] = useState(false);
  const { choices, capped } = facet;
  if (choices.length === 0) return null;
  const more = choices.length > shownFirst + 1;
  const shown = all || !more ? choices : choices.filter(({ value }, n) => n < shownFirst || chosen.includes(value));
  return (
    <Group title={say.fields[field]}>
      <ul className="facet-values">
        {shown.map((choice) => (
          <li key={choice.value}>
            <Value
              choice={choice}
              capped={capped}
              checked={chosen.includes(choice.value)}
              sign={field === "is" ? signs[choice.value] : undefined}
              onToggle={() => onToggle(choice.value)}
            />
          </li>
        ))}
      </ul>
      {all && choices.length >= mostNamed ? <p className="small quiet">{say.most}</p> : null}
      {more ? (
        <button type="button" className="link-button small" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? say.fewer : say.all(choices.length)}
        </button>
      ) : null}
    </Group>
  );
}

function Value(props: {
  choice: Choice;
  capped: boolean;
  checked: boolean;
  sign: readonly [Icon, string] | undefined;
  onToggle: () => void;
}): ReactElement {
  const { choice, capped, checked, sign } = props;
  const [Glyph, tone] = sign ?? [];
  return (
    <label className="facet-value" style={{ "--depth": String(choice.depth ?? 0) }}>
      <input type="checkbox" checked={checked} onChange={props.onToggle} />
      {Glyph === undefined ? null : <Glyph size={14} className={`mark-${tone}`} aria-hidden="true" />}
      <span className="facet-name" title={choice.label}>
        {choice.label}
      </span>
      <span className="facet-count nums" aria-hidden="true">
        {say.count(choice.count, capped && choice.count > 0)}
      </span>
      <span className="sr-only">{say.countSaid(choice.count, capped && choice.count > 0)}</span>
    </label>
  );
}
