import type { Evidence } from "@sworn/contract";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { words } from "../../words/index.ts";
// Not through the index: the whole evidence page would come with the list.
import { EvidenceState } from "../evidence/evidence-state.tsx";
import { expectSource } from "../evidence/stage/source.ts";
import { Categories, GuardMarks, KeepUntil, OriginMarks } from "./item-marks.tsx";
import { Poster } from "./poster.tsx";

const say = words.library;

/** One item as a card or as a row: the same facts, the same link. */
export function ItemLink(props: {
  evidence: Evidence;
  as: "grid" | "list";
  index?: number;
  lookAt?: number | null;
}): ReactElement {
  const { evidence, as, index } = props;
  return (
    <Link
      to="/evidence/$id"
      params={{ id: evidence.id }}
      search={{}}
      className={as === "grid" ? "card" : "row"}
      data-index={index}
      tabIndex={index === undefined || index === 0 ? 0 : -1}
      aria-keyshortcuts={index === undefined ? undefined : "x p"}
      draggable={false}
      onPointerEnter={() => expectSource(evidence)}
      onFocus={() => expectSource(evidence)}
    >
      <Poster evidence={evidence} lookAt={props.lookAt ?? null}>
        {as === "grid" ? <GuardMarks evidence={evidence} /> : null}
      </Poster>
      {as === "grid" ? <CardText evidence={evidence} /> : <RowText evidence={evidence} />}
    </Link>
  );
}

function CardText(props: { evidence: Evidence }): ReactElement {
  const { evidence } = props;
  const who = [evidence.person?.name, evidence.device?.name].filter((name) => name !== undefined).join(" · ");
  return (
    <span className="card-text">
      <b className="item-title">{evidence.title}</b>
      <span className="small soft nums">{who === "" ? evidence.sourceName : who}</span>
      <span className="small soft nums">
        <Recorded evidence={evidence} />
      </span>
      <Categories evidence={evidence} />
      <span className="card-foot">
        {evidence.state === "stored" ? <KeepUntil evidence={evidence} /> : <EvidenceState evidence={evidence} />}
        <OriginMarks evidence={evidence} />
        <span className="small quiet nums">{evidence.size === 0 ? "" : formatBytes(evidence.size)}</span>
      </span>
    </span>
  );
}

function RowText(props: { evidence: Evidence }): ReactElement {
  const { evidence } = props;
  const length = evidence.media.facts?.durationMs;
  return (
    <>
      <span className="row-title">
        <span className="row-line">
          <b className="item-title">{evidence.title}</b>
          <OriginMarks evidence={evidence} />
          <GuardMarks evidence={evidence} short />
        </span>
        <span className="row-line">
          <Categories evidence={evidence} />
          <KeepUntil evidence={evidence} />
        </span>
      </span>
      <span className="row-person">{evidence.person?.name ?? evidence.device?.name ?? ""}</span>
      <span className="row-when nums">
        <Recorded evidence={evidence} />
      </span>
      <span className="row-length nums">{length === null || length === undefined ? "" : formatDuration(length)}</span>
      <span className="row-size nums">{formatBytes(evidence.size)}</span>
      <span className={`row-state${evidence.state === "stored" ? "" : " row-state-other"}`}>
        <EvidenceState evidence={evidence} />
      </span>
    </>
  );
}

/** The time with how far it can be believed; a time this server gave instead is named as such. */
function Recorded(props: { evidence: Evidence }): ReactElement {
  const { evidence } = props;
  const moments = useMoments();
  if (evidence.recordedAt === null) return <>{say.receivedAt(moments.full(evidence.receivedAt))}</>;
  const clock = words.evidence.shortClock(evidence.timeSource);
  const doubt =
    evidence.timeUncertaintyMs === null
      ? clock
      : `${words.evidence.facts.uncertainty(evidence.timeUncertaintyMs)} ${clock}`;
  return (
    <>
      <span className="when">{moments.full(evidence.recordedAt)}</span>{" "}
      <span className="quiet small">
        ({evidence.timeOffsetMs === 0 ? doubt : `${doubt}, ${words.times.correctedShort}`})
      </span>
    </>
  );
}
