import type { Evidence } from "@sworn/contract";
import { IconPencilOff, IconSignature } from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import { useMoments } from "../../../app/me.ts";
import { formatBytes } from "../../../ui/format/bytes.ts";
import { formatDuration } from "../../../ui/format/duration.ts";
import { HashValue } from "../../../ui/hash-value.tsx";
import { StateMark } from "../../../ui/state-mark.tsx";
import { formatNumber } from "../../../ui/format/number.ts";
import { words } from "../../../words/index.ts";
import { wallClockAt, type Part } from "../stage/parts.ts";
import { DownloadOriginal } from "../stage/stage-notice.tsx";
import { usePlayerState } from "../stage/use-player.ts";
import "./facts.css";

const say = words.evidence.facts;

/** What is known, and of each thing from where. */
export function Facts(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement {
  const { evidence, parts } = props;
  const moments = useMoments();
  const { facts } = evidence.media;
  const ready = evidence.state === "stored" || evidence.state === "incomplete";
  return (
    <section className="facts" aria-labelledby="facts-title">
      <header className="facts-head">
        <h2 id="facts-title">{say.title}</h2>
        <span className="small quiet">{say.zone(moments.zoneName(evidence.recordedAt ?? evidence.receivedAt))}</span>
      </header>
      <dl>
        <Fact name={say.recorded}>
          {evidence.recordedAt === null ? say.recordedUnknown : moments.full(evidence.recordedAt)}
          {evidence.recordedAt === null ? null : <span className="fact-source">{clockSource(evidence)}</span>}
          {facts?.createdAt === null ||
          facts?.createdAt === undefined ||
          facts.createdAt === evidence.recordedAt ? null : (
            <span className="fact-source">{say.createdClaim(moments.full(facts.createdAt))}</span>
          )}
        </Fact>
        <MomentNow parts={parts} />
        <Fact name={say.received} source={say.serverClock}>
          {moments.full(evidence.receivedAt)}
        </Fact>
        <Fact name={say.stored} source={evidence.storedAt === null ? null : say.serverClock}>
          {evidence.storedAt === null
            ? evidence.state === "incomplete"
              ? say.neverWhole
              : say.notStored
            : moments.full(evidence.storedAt)}
        </Fact>
        <Fact name={say.person}>{evidence.person?.name ?? say.none}</Fact>
        <Fact name={say.unit} source={evidence.unit === null ? null : say.unitSource}>
          {evidence.unit?.name ?? say.none}
        </Fact>
        <Fact name={say.device}>
          {evidence.device?.name ??
            (facts?.device === null || facts?.device === undefined ? say.none : say.deviceClaim(facts.device))}
        </Fact>
        <Fact name={say.origin} source={evidence.signedAtSource ? null : say.unsignedBody}>
          {evidence.signedAtSource ? (
            <StateMark tone="neutral" icon={IconSignature}>
              {say.signed}
            </StateMark>
          ) : (
            <StateMark tone="neutral" icon={IconPencilOff}>
              {say.unsigned}
            </StateMark>
          )}
        </Fact>
        {facts?.durationMs === null || facts?.durationMs === undefined ? null : (
          <Fact name={say.length}>{formatDuration(facts.durationMs)}</Fact>
        )}
        <Fact name={say.size}>
          <span title={say.bytes(formatNumber(evidence.size))}>
            {evidence.size > 0
              ? formatBytes(evidence.size)
              : evidence.state === "incomplete"
                ? say.sizeNone
                : say.sizeLater}
          </span>
        </Fact>
        {facts === null ? null : <MediaFactRows facts={facts} />}
        {evidence.sourceName === null ? null : (
          <Fact name={say.name}>
            <span className="fact-name">{evidence.sourceName}</span>
          </Fact>
        )}
        <Fact name={say.hash}>
          {evidence.sha256 === null ? (
            <span className="quiet">
              {evidence.takes.length > 1
                ? say.hashOfParts
                : evidence.state === "incomplete"
                  ? say.hashNone
                  : say.hashPending}
            </span>
          ) : (
            <HashValue hash={evidence.sha256} name={say.hash} />
          )}
        </Fact>
      </dl>
      {ready && evidence.takes.length <= 1 ? (
        <div className="facts-actions desk-button">
          <DownloadOriginal evidence={evidence} />
        </div>
      ) : null}
    </section>
  );
}

function clockSource(evidence: Evidence): string {
  const said = words.evidence.clock(evidence.timeSource);
  const clock = evidence.timeOffsetMs === 0 ? said : `${said}, ${words.times.corrected(evidence.timeOffsetMs)}`;
  return evidence.timeUncertaintyMs === null ? clock : `${say.uncertainty(evidence.timeUncertaintyMs)}, ${clock}`;
}

function MediaFactRows(props: { facts: NonNullable<Evidence["media"]["facts"]> }): ReactElement {
  const { video, audio } = props.facts;
  return (
    <>
      {video === null ? null : (
        <Fact name={say.picture}>
          {[
            `${video.width} × ${video.height}`,
            video.codec,
            ...(video.frameRate === null ? [] : [say.fps(video.frameRate)]),
            ...(video.rotation === 0 ? [] : [say.rotated(video.rotation)]),
          ].join(" · ")}
        </Fact>
      )}
      <Fact name={say.sound}>
        {audio === null
          ? say.noSound
          : `${audio.codec} · ${audio.sampleRate / 1000} kHz · ${say.channels(audio.channels)}`}
      </Fact>
    </>
  );
}

/** Wall-clock time of what is on the screen now. */
function MomentNow(props: { parts: readonly Part[] }): ReactElement | null {
  const moments = useMoments();
  const time = usePlayerState((state) => Math.round(state.time * 10) / 10);
  const at = wallClockAt(props.parts, time);
  if (at === null) return null;
  return (
    <Fact name={say.moment}>
      <span className="mono fact-now">{moments.clock(at, true).slice(0, -2)}</span>
    </Fact>
  );
}

function Fact(props: { name: string; source?: string | null; children: ReactNode }): ReactElement {
  return (
    <div className="fact">
      <dt>{props.name}</dt>
      <dd>
        {props.children}
        {props.source === undefined || props.source === null ? null : (
          <span className="fact-source">{props.source}</span>
        )}
      </dd>
    </div>
  );
}
