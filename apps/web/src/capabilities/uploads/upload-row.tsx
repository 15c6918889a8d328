import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  IconAlertTriangle,
  IconCircleDashed,
  IconClockHour4,
  IconCopyCheck,
  IconDatabase,
  IconLoader2,
  IconShieldX,
  IconX,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { formatBytes, formatRate } from "../../ui/format/bytes.ts";
import { formatLeft } from "../../ui/format/duration.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type Tone } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { uploadQueue, type UploadItem, type UploadPhase } from "./queue.ts";

const say = words.uploads;
const marks: Readonly<Record<UploadPhase, { tone: Tone; icon: Icon }>> = {
  waiting: { tone: "neutral", icon: IconClockHour4 },
  comparing: { tone: "accent", icon: IconCircleDashed },
  sending: { tone: "accent", icon: IconLoader2 },
  sealing: { tone: "accent", icon: IconCircleDashed },
  opening: { tone: "accent", icon: IconDatabase },
  stored: { tone: "neutral", icon: IconDatabase },
  known: { tone: "neutral", icon: IconCopyCheck },
  refused: { tone: "problem", icon: IconShieldX },
  failed: { tone: "problem", icon: IconAlertTriangle },
  cancelled: { tone: "disposed", icon: IconX },
};

export function UploadRow(props: { item: UploadItem }): ReactElement {
  const { item } = props;
  const harmed = item.play === "cannot-be-played" || item.play === "ends-early";
  const mark = harmed ? ({ tone: "problem", icon: IconAlertTriangle } as const) : marks[item.phase];
  const moving = item.phase === "sending" || item.phase === "sealing" || item.phase === "comparing";
  return (
    <li className="upload-row">
      <div className="upload-name">
        <b>{item.name}</b>
        <StateMark tone={mark.tone} icon={mark.icon}>
          {item.play === null ? say.phases[item.phase] : say.storedPhases[item.play]}
        </StateMark>
      </div>
      {moving ? (
        <ProgressBar done={item.done} total={item.size} label={`${item.name}: ${say.phases[item.phase]}`} />
      ) : null}
      <div className="upload-foot">
        <p className="upload-line small soft nums">
          {item.resumed ? <span className="upload-resumed">{say.resumed}</span> : null}
          <span>{lineOf(item)}</span>
        </p>
        <Actions item={item} />
      </div>
    </li>
  );
}

function lineOf(item: UploadItem): string {
  const size = formatBytes(item.size);
  const of = `${formatBytes(item.done)} of ${size}`;
  const lines: Readonly<Record<UploadPhase, () => string>> = {
    waiting: () => size,
    comparing: () => say.comparing(of),
    sending: () => [of, ...paceOf(item)].join(" · "),
    sealing: () => say.sealing(of),
    opening: () => say.opening(size),
    stored: () => storedLine(item, size),
    known: () => (item.evidenceId === null ? say.onItsWay : say.known),
    refused: () => item.detail ?? say.refusedLine,
    failed: () => `${item.detail ?? ""} ${say.failedLine}`,
    cancelled: () => say.cancelledLine,
  };
  return lines[item.phase]();
}

/** Only what plays makes the sender's own copy needless; anything else is said in full. */
function storedLine(item: UploadItem, size: string): string {
  const line = say.storedLines[item.play ?? "not-known"](size, item.detail ?? "");
  return item.alreadyHeld ? `${say.alreadyHeld} ${line}` : line;
}

function paceOf(item: UploadItem): string[] {
  if (item.perSecond === null || item.perSecond <= 0) return [];
  return [formatRate(item.perSecond), say.left(formatLeft((item.size - item.done) / item.perSecond))];
}

const endPhases: ReadonlySet<UploadPhase> = new Set(["opening", "stored", "known", "refused", "cancelled"]);

function Actions(props: { item: UploadItem }): ReactElement {
  const { item } = props;
  const done = endPhases.has(item.phase);
  return (
    <div className="upload-actions">
      {item.evidenceId === null ? null : (
        <Button component={Link} to={`/evidence/${item.evidenceId}`} size="compact-sm" variant="default">
          {say.open}
        </Button>
      )}
      {item.phase === "failed" || (item.phase === "known" && item.evidenceId !== null) ? (
        <Button size="compact-sm" variant="default" onClick={() => uploadQueue.retry(item.key)}>
          {item.phase === "known" ? say.sendAnyway : words.frame.retry}
        </Button>
      ) : null}
      {done ? (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          className="soft"
          onClick={() => uploadQueue.clear(item.key)}
        >
          {say.remove}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          className="soft"
          onClick={() => uploadQueue.cancel(item.key)}
          disabled={item.phase === "sealing"}
        >
          {words.frame.cancel}
        </Button>
      )}
    </div>
  );
}
