import type { Evidence } from "@sworn/contract";
import type { ReactElement } from "react";
import { useMoments } from "../../../app/me.ts";
import { formatBytes } from "../../../ui/format/bytes.ts";
import { formatDuration } from "../../../ui/format/duration.ts";
import { HashValue } from "../../../ui/hash-value.tsx";
import { words } from "../../../words/index.ts";
import { gapBefore, partAt, type Part } from "../stage/parts.ts";
import { DownloadOriginal } from "../stage/stage-notice.tsx";
import { usePlayer, usePlayerState } from "../stage/use-player.ts";
import "./part-chooser.css";

const say = words.evidence.parts;

/** Several parts: where each begins, what is missing between them, and each one's own bytes and hash. */
export function PartChooser(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement | null {
  const { evidence, parts } = props;
  const player = usePlayer();
  const moments = useMoments();
  const now = usePlayerState((state) => partAt(parts, state.time)?.take ?? 0);
  if (evidence.takes.length < 2) return null;
  return (
    <section className="parts" aria-labelledby="parts-title">
      <h2 id="parts-title">{say.title}</h2>
      <p className="small quiet">{say.why}</p>
      <ol>
        {evidence.takes.map((take, index) => {
          const part = parts[index];
          const gap = index === 0 ? null : gapBefore(parts, index);
          const length = take.durationMs === null ? "" : formatDuration(take.durationMs);
          return (
            <li key={take.take}>
              {index === 0 ? null : (
                <p className="parts-gap small">
                  {gap === null ? say.unknownGap : gap < 0.5 ? say.noGap : say.gap(formatDuration(gap * 1000))}
                </p>
              )}
              <button
                type="button"
                className="parts-go"
                aria-current={now === take.take}
                onClick={() => player.seek(part?.start ?? 0)}
              >
                <b>{words.frame.partNumber(index + 1)}</b>
                <span className="mono">{take.startedAt === null ? "" : moments.clock(take.startedAt)}</span>
                <span>{length}</span>
                <span className="quiet">
                  {take.state === "stored" ? formatBytes(take.size) : say.states[take.state]}
                </span>
              </button>
              {take.sha256 === null ? null : (
                <div className="parts-more desk-button">
                  <HashValue hash={take.sha256} name={words.evidence.facts.hash} />
                  <DownloadOriginal evidence={evidence} take={take.take} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
