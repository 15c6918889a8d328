import type { Evidence, RetentionAnswer } from "@sworn/contract";
import { IconCalendarTime, IconFlag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMay, useMe, useMoments } from "../../../app/me.ts";
import { reasonOf } from "../../../app/server.ts";
import { dayIn } from "../../../ui/format/day.ts";
import { StateMark } from "../../../ui/state-mark.tsx";
import { words } from "../../../words/index.ts";
import { CategoryChips } from "./category-chips.tsx";
import { EndedHolds, HoldCard, PlaceHold } from "./holds.tsx";
import { keepSentence } from "./keep-sentence.ts";
import { retentionQuery } from "./keeping-query.ts";
import { Restricted, RestrictButton } from "./restriction.tsx";
import "../../../ui/pills.css";
import "./keeping.css";

const say = words.evidence.keeping;

/** What the item is, how long it is therefore kept, and what stops its disposal: a sentence, then what can be done. */
export function Keeping(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const may = useMay();
  const query = useQuery({ ...retentionQuery(evidence.id), enabled: evidence.state !== "disposed" });
  if (evidence.state === "disposed") return null;
  const retention = query.data;
  const holds = retention?.holds ?? [];
  const lasting = holds.filter((hold) => hold.releasedAt === null);
  return (
    <section className="keeping" aria-labelledby="keeping-title">
      <h2 id="keeping-title">{say.title}</h2>
      {retention === undefined ? (
        <p className="quiet" role="status">
          {query.isError ? reasonOf(query.error) : words.frame.loading}
        </p>
      ) : (
        <Sentence retention={retention} held={lasting.length > 0} />
      )}
      {lasting.map((hold) => (
        <HoldCard key={hold.id} hold={hold} />
      ))}
      <CategoryChips evidence={evidence} />
      {retention?.restricted == null ? null : <Restricted restricted={retention.restricted} />}
      {may("hold.manage") || may("evidence.restrict") ? (
        <div className="keeping-actions">
          {may("hold.manage") ? <PlaceHold evidence={evidence} /> : null}
          {may("evidence.restrict") ? <RestrictButton evidence={evidence} /> : null}
        </div>
      ) : null}
      <EndedHolds holds={holds.filter((hold) => hold.releasedAt !== null)} />
    </section>
  );
}

function Sentence(props: { retention: RetentionAnswer; held: boolean }): ReactElement {
  const moments = useMoments();
  const zone = useMe().agency.timeZone;
  const { schedule, clock } = keepSentence(props.retention, moments, dayIn(zone));
  return (
    <div className="keeping-sentence" role="status">
      {props.held ? (
        <>
          <p>
            <StateMark tone="held" icon={IconFlag}>
              {say.held}
            </StateMark>
          </p>
          <p className="soft">{say.bySchedule(schedule)}</p>
        </>
      ) : (
        <p>
          <IconCalendarTime size={16} stroke={1.7} aria-hidden="true" />
          {schedule}
        </p>
      )}
      {clock === null ? null : <p className="small soft">{clock}</p>}
    </div>
  );
}
