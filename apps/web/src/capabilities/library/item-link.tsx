import type { Evidence } from "@sworn/contract";
import { Link } from "@tanstack/react-router";
import { IconRoute, IconSignature, IconVersions } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
// Not through the index: the whole evidence page would come with the list.
import { EvidenceState } from "../evidence/evidence-state.tsx";
import { Poster } from "./poster.tsx";

const say = words.library;

/** One item as a card or as a row: the same facts, the same link. */
export function ItemLink(props: { evidence: Evidence; as: "grid" | "list"; index?: number }): ReactElement {
  const { evidence } = props;
  return (
    <Link
      to="/evidence/$id"
      params={{ id: evidence.id }}
      search={{}}
      className={props.as === "grid" ? "card" : "row"}
      data-index={props.index}
      tabIndex={props.index === undefined || props.index === 0 ? 0 : -1}
    >
      <Poster evidence={evidence} />
      {props.as === "grid" ? <CardText evidence={evidence} /> : <RowText evidence={evidence} />}
    </Link>
  );
}

function CardText(props: { evidence: Evidence }): ReactElement {
  const { evidence } = props;
  return (
    <span className="card-text">
      <b className="item-title">{evidence.title}</b>
      <span className="small soft nums">
        {[evidence.person?.name, evidence.device?.name].filter((name) => name !== undefined).join(" · ") ||
          evidence.sourceName}
      </span>
      <span className="small soft nums">
        <Recorded evidence={evidence} />
      </span>
      <span className="card-marks">
        {evidence.state === "stored" ? null : <EvidenceState evidence={evidence} />}
        <Marks evidence={evidence} />
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
        <b className="item-title">{evidence.title}</b>
        <Marks evidence={evidence} />
      </span>
      <span className="row-person">{evidence.person?.name ?? evidence.device?.name ?? ""}</span>
      <span className="row-when nums">
        <Recorded evidence={evidence} />
      </span>
      <span className="row-length nums">{length === null || length === undefined ? "" : formatDuration(length)}</span>
      <span className="row-size nums">{formatBytes(evidence.size)}</span>
      <span className="row-state">
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
      {moments.full(evidence.recordedAt)} <span className="quiet">({doubt})</span>
    </>
  );
}

function Marks(props: { evidence: Evidence }): ReactElement {
  const { evidence } = props;
  return (
    <>
      {evidence.signedAtSource ? (
        <StateMark tone="neutral" icon={IconSignature}>
          {say.signed}
        </StateMark>
      ) : null}
      {evidence.hasTrack ? (
        <StateMark tone="neutral" icon={IconRoute}>
          {say.track}
        </StateMark>
      ) : null}
      {evidence.takes.length > 1 ? (
        <StateMark tone="neutral" icon={IconVersions}>
          {say.parts(evidence.takes.length)}
        </StateMark>
      ) : null}
    </>
  );
}
