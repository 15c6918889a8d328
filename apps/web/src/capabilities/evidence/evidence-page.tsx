import type { Evidence } from "@sworn/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { SwornError } from "@sworn/sdk";
import { IconChevronLeft, IconFlag, IconLock } from "@tabler/icons-react";
import { useEffect, useMemo, useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { CaptionsPanel } from "../captions/index.ts";
import { CustodyStrip } from "../custody/index.ts";
import { OutsideAccess, SharedWithYou, useOutside } from "../sharing/index.ts";
import { evidenceQuery, listed } from "./evidence-query.ts";
import { EvidenceState } from "./evidence-state.tsx";
import { Facts } from "./facts/facts.tsx";
import { PartChooser } from "./facts/part-chooser.tsx";
import { DerivativesPanel } from "./derivatives/derivatives-panel.tsx";
import { ItemCalls } from "../calls/index.ts";
import { ItemIncidents, Locks } from "../incidents/index.ts";
import { Keeping } from "./keeping/keeping.tsx";
import { useMarkersLane } from "./markers/markers-lane.tsx";
import { NotesPanel } from "./markers/notes-panel.tsx";
import { PathPanel } from "./path/path-panel.tsx";
import { useTrack } from "./path/use-track.ts";
import { RelatedPanel } from "./related/related-panel.tsx";
import type { Moment } from "./stage/moment-link.ts";
import { partsOf } from "./stage/parts.ts";
import { Player } from "./stage/player.ts";
import { Stage } from "./stage/stage.tsx";
import { PlayerProvider } from "./stage/use-player.ts";
import { TimePanel } from "./times/time-panel.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { useMomentInAddress } from "./use-moment-in-address.ts";
import "./evidence-page.css";

/** One item: picture, path, facts and custody on one screen, all on one clock. */
export function EvidencePage(props: { id: string; moment: Moment }): ReactElement {
  const client = useQueryClient();
  // Whoever comes from the library has what it showed: the picture need not wait for the same words again.
  const query = useQuery({ ...evidenceQuery(props.id), placeholderData: () => listed(client, props.id) });
  // Given to a class they do not belong to, say: what was shown a moment ago is not there for them any more.
  const gone = query.error instanceof SwornError && query.error.code === "not-found";
  if (query.data !== undefined && !gone)
    return <EvidenceView key={props.id} evidence={query.data} moment={props.moment} />;
  if (query.isError) return <ProblemScreen error={query.error} onRetry={() => void query.refetch()} />;
  return <EvidenceWait />;
}

function EvidenceView(props: { evidence: Evidence; moment: Moment }): ReactElement {
  const { evidence } = props;
  const [player] = useState(() => new Player());
  const parts = useMemo(() => partsOf(evidence), [evidence]);
  const track = useTrack(evidence);
  const lanes = useMarkersLane(evidence, parts, player);
  const may = useMay();
  const outside = useOutside();
  const moments = useMoments();
  useMomentInAddress(player, props.moment);
  useEffect(() => {
    document.title = `${evidence.title} · ${words.frame.product}`;
  }, [evidence.title]);
  const length = evidence.media.facts?.durationMs;
  return (
    <PlayerProvider value={player}>
      <div className="evidence">
        <header className="evidence-head">
          <Link to="/library" className="evidence-back" aria-label={words.frame.back}>
            <IconChevronLeft size={20} aria-hidden="true" />
          </Link>
          <div className="evidence-name">
            <h1>{evidence.title}</h1>
            <p className="small soft nums">
              {[
                evidence.person?.name,
                evidence.unit?.name,
                moments.full(evidence.recordedAt ?? evidence.receivedAt),
                ...(evidence.timeOffsetMs === 0 ? [] : [words.times.correctedShort]),
                ...(length === null || length === undefined ? [] : [formatDuration(length)]),
                evidence.size === 0 ? undefined : formatBytes(evidence.size),
                evidence.takes.length > 1
                  ? `${evidence.takes.length} ${words.evidence.parts.title.toLowerCase()}`
                  : undefined,
              ]
                .filter((part) => part !== undefined)
                .join(" · ")}
            </p>
          </div>
          {evidence.held ? (
            <StateMark tone="held" icon={IconFlag} boxed>
              {words.evidence.keeping.heldShort}
            </StateMark>
          ) : null}
          {evidence.restricted === null ? null : (
            <StateMark tone="restricted" icon={IconLock} boxed>
              {words.evidence.keeping.restrictedShort}
            </StateMark>
          )}
          <EvidenceState evidence={evidence} />
        </header>
        <div className="evidence-left">
          <Stage evidence={evidence} parts={parts} />
          <Timeline evidence={evidence} parts={parts} fixes={track.fixes} lanes={lanes} />
        </div>
        <aside className="evidence-right" aria-label={words.evidence.facts.title}>
          {/* While a statement is awaited the path is as shut as the picture, which says so. */}
          {!evidence.locked && (evidence.kind === "video" || evidence.hasTrack) ? (
            <PathPanel evidence={evidence} track={track} />
          ) : null}
          <SharedWithYou evidence={evidence} />
          <NotesPanel evidence={evidence} parts={parts} />
          {outside ? null : <Keeping evidence={evidence} />}
          {outside || evidence.locked ? null : <DerivativesPanel evidence={evidence} parts={parts} />}
          <CaptionsPanel evidence={evidence} />
          <OutsideAccess evidence={evidence} />
          {outside ? null : <ItemIncidents evidenceId={evidence.id} />}
          {outside ? null : <ItemCalls evidenceId={evidence.id} />}
          {outside ? null : <Locks of={{ kind: "evidence", id: evidence.id }} className="keeping" />}
          <RelatedPanel evidence={evidence} />
          <PartChooser evidence={evidence} parts={parts} />
          <Facts evidence={evidence} parts={parts} />
          <TimePanel evidence={evidence} />
        </aside>
        {may("evidence.custody") ? <CustodyStrip evidence={evidence} /> : null}
      </div>
    </PlayerProvider>
  );
}

function EvidenceWait(): ReactElement {
  return (
    <div className="evidence" aria-busy="true">
      <header className="evidence-head">
        <p className="quiet" role="status">
          {words.frame.loading}
        </p>
      </header>
      <div className="evidence-left">
        <div className="stage">
          <div className="stage-picture" style={{ "--ratio": "1.7778" }} />
        </div>
      </div>
    </div>
  );
}
