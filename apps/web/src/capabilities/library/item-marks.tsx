import type { Evidence, RetentionPeriod } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import {
  IconCalendarDue,
  IconFlagFilled,
  IconLock,
  IconRoute,
  IconSignature,
  IconTag,
  IconTagOff,
  IconVersions,
  type Icon,
} from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import { formatDay } from "../../ui/format/day.ts";
import { words } from "../../words/index.ts";
import { categoriesQuery } from "./use-facets.ts";

const say = words.library;

/** What must not be overlooked, on the picture's corner: an icon and a word each. */
export function GuardMarks(props: { evidence: Evidence; short?: boolean }): ReactElement | null {
  const { held, restricted, locked } = props.evidence;
  if (!held && restricted === null && !locked) return null;
  return (
    <span className="poster-guards">
      {held ? (
        <span className="tag tag-held" title={say.marks.heldTitle}>
          <IconFlagFilled size={12} aria-hidden="true" /> {say.marks.held}
        </span>
      ) : null}
      {locked ? (
        <span className="tag tag-restricted">
          <IconLock size={12} aria-hidden="true" /> {words.incidents.lockedMark}
        </span>
      ) : null}
      {restricted === null ? null : (
        <span className="tag tag-restricted" title={say.marks.restrictedTitle(restricted.name)}>
          <IconLock size={12} aria-hidden="true" />
          <span className="tag-word" aria-hidden="true">
            {props.short === true ? say.filters.attention.restricted : say.marks.restricted(restricted.name)}
          </span>
          <span className="sr-only">{say.marks.restricted(restricted.name)}</span>
        </span>
      )}
    </span>
  );
}

/** What came with the item: small, with its word on hover and for screen readers. */
export function OriginMarks(props: { evidence: Evidence }): ReactElement {
  const { signedAtSource, hasTrack, takes } = props.evidence;
  return (
    <span className="origins">
      {signedAtSource ? <Origin icon={IconSignature}>{say.signed}</Origin> : null}
      {hasTrack ? <Origin icon={IconRoute}>{say.track}</Origin> : null}
      {takes.length > 1 ? <Origin icon={IconVersions}>{say.parts(takes.length)}</Origin> : null}
    </span>
  );
}

function Origin(props: { icon: Icon; children: string }): ReactElement {
  return (
    <span className="origin" title={props.children}>
      <props.icon size={14} stroke={1.8} aria-hidden="true" />
      <span className="sr-only">{props.children}</span>
    </span>
  );
}

/** What it is, or that nobody has said so yet. */
export function Categories(props: { evidence: Evidence }): ReactElement {
  const { categories } = props.evidence;
  const names = categories
    .map(({ name }) => name)
    .toSorted((a, b) => a.localeCompare(b))
    .join(", ");
  return categories.length === 0 ? (
    <Line icon={IconTagOff} className="quiet">
      {say.marks.uncategorised}
    </Line>
  ) : (
    <Line icon={IconTag} className="soft" title={names}>
      {names}
    </Line>
  );
}

/** "keep until 18 Feb 2027 (90 days)". */
export function KeepUntil(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const { data } = useQuery(categoriesQuery);
  const own = evidence.categories.map(({ id }) => data?.items.find((category) => category.id === id)?.keep);
  const keeps = evidence.categories.length === 0 ? [data?.uncategorised] : own;
  if (evidence.keepUntil === null) {
    if (!keeps.includes("indefinite")) return null;
    return (
      <Line icon={IconCalendarDue} className="quiet">
        {say.marks.keepForEver}
      </Line>
    );
  }
  const [longest] = keeps.filter((keep) => keep !== undefined).toSorted((a, b) => roughDays(b) - roughDays(a));
  const text = say.marks.keepUntil(formatDay(evidence.keepUntil), longest === undefined ? null : say.period(longest));
  return (
    <Line icon={IconCalendarDue} className="quiet" title={evidence.held ? `${text} ${say.marks.heldAfter}` : text}>
      {text}
    </Line>
  );
}

/** Only to tell which of an item's periods is the longest. */
function roughDays(keep: RetentionPeriod): number {
  return keep === "indefinite" ? Infinity : keep.count * { day: 1, month: 30.4, year: 365.2 }[keep.unit];
}

function Line(props: { icon: Icon; className: string; title?: string; children: ReactNode }): ReactElement {
  return (
    <span className={`item-line small nums ${props.className}`} title={props.title}>
      <props.icon size={13} stroke={1.8} aria-hidden="true" />
      <span>{props.children}</span>
    </span>
  );
}
