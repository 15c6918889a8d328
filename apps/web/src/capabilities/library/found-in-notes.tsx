import type { Evidence, NoteHit } from "@sworn/contract";
import { Link } from "@tanstack/react-router";
import { IconNote } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { formatTimecode } from "../../ui/format/duration.ts";
import { words } from "../../words/index.ts";
import { stretchOf } from "../evidence/markers/place.ts";
import { partsOf } from "../evidence/stage/parts.ts";

const say = words.library.found;
/** What the line takes below an item, see item.css. */
export const foundHeight = 36;

/** Why a search found this item, where its title does not say it: the line of the first note, and the way there. */
export function FoundInNotes(props: { evidence: Evidence; hits: readonly NoteHit[] }): ReactElement | null {
  const { evidence, hits } = props;
  const [hit] = hits;
  if (hit === undefined) return null;
  const at = stretchOf(hit.place, partsOf(evidence))?.from ?? null;
  const where = at === null ? say.inNote : say.inNoteAt(formatTimecode(at, { millis: false }));
  const others = hits.length - 1 + hits.reduce((sum, { more }) => sum + more, 0);
  return (
    <Link
      to="/evidence/$id"
      params={{ id: evidence.id }}
      search={at === null ? {} : { t: at }}
      className="found"
      title={`${hit.before}${hit.match}${hit.after}`}
    >
      <IconNote size={14} aria-hidden="true" />
      <span className="found-line">
        <b>{where}</b> {hit.before.length > 24 ? `…${hit.before.slice(-24)}` : hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </span>
      {others === 0 ? null : <span className="found-more quiet nums">{say.others(others)}</span>}
    </Link>
  );
}
