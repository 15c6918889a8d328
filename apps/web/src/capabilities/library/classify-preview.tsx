import { IconArrowRight, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMay, useMe } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { formatDay } from "../../ui/format/day.ts";
import { words } from "../../words/index.ts";
import { newlyRestricted, type Classified } from "./bulk-changes.ts";

const say = words.library.categorise;
const mostMoves = 4;

/** What the server says would happen, in sentences. */
export function ClassifyPreview(props: {
  answer: Classified | undefined;
  asking: boolean;
  error: Error | null;
}): ReactElement {
  const { answer, asking, error } = props;
  return (
    <div className={`preview${asking ? " preview-asking" : ""}`} role="status">
      {error !== null ? (
        <p className="facet-problem">{reasonOf(error)}</p>
      ) : answer === undefined ? (
        <p className="quiet">{asking ? say.asking : say.choose}</p>
      ) : (
        <>
          <p>
            <b>{say.changes(answer.changed.length, answer.unchanged.length, answer.missing.length)}</b>
          </p>
          <Moves answer={answer} />
          <Restrictions answer={answer} />
        </>
      )}
    </div>
  );
}

function Moves(props: { answer: Classified }): ReactElement {
  const alike = new Map<string, { from: string | null; to: string | null; count: number }>();
  for (const { before, after } of props.answer.changed) {
    const key = `${before.keepUntil ?? ""} ${after.keepUntil ?? ""}`;
    const move = alike.get(key) ?? { from: before.keepUntil, to: after.keepUntil, count: 0 };
    alike.set(key, { ...move, count: move.count + 1 });
  }
  const moves = [...alike.values()].toSorted((a, b) => b.count - a.count);
  const day = (text: string | null): string => (text === null ? say.noDay : formatDay(text));
  const more = moves.slice(mostMoves).reduce((sum, { count }) => sum + count, 0);
  return (
    <ul className="preview-moves small soft nums">
      {moves.slice(0, mostMoves).map(({ from, to, count }) => (
        <li key={`${from} ${to}`}>
          <IconArrowRight size={13} aria-hidden="true" />{" "}
          {from === to ? say.keepStays(count, day(to)) : say.keepMoves(count, day(from), day(to))}
        </li>
      ))}
      {more === 0 ? null : <li>{say.keepMore(more)}</li>}
    </ul>
  );
}

/** Said before it happens: who is no member loses sight of the items, and with it the way back. */
function Restrictions(props: { answer: Classified }): ReactElement | null {
  const restricted = newlyRestricted(props.answer);
  const may = useMay();
  const me = useMe().person?.id;
  const mayRead = may("evidence.restrict");
  const { data: classes } = useQuery({
    queryKey: ["restricted-classes"],
    queryFn: ({ signal }) => sworn.retention.restrictedClasses(signal),
    enabled: mayRead && restricted.length > 0,
  });
  const ids = [...new Set(restricted.map(({ after }) => after.restrictedClassId))];
  return restricted.length === 0 ? null : (
    <ul className="preview-restricts small">
      {ids.map((id) => {
        const known = classes?.find((one) => one.id === id);
        const member = known?.members.some((one) => one.id === me);
        const count = restricted.filter(({ after }) => after.restrictedClassId === id).length;
        return (
          <li key={id}>
            <IconLock size={14} className="mark-restricted" aria-hidden="true" />
            <span>
              {say.becomesRestricted(count, known?.name ?? null)}{" "}
              {member === undefined ? say.maybeLosesIt : member ? "" : <b>{say.losesIt}</b>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
