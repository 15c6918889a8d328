import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  IconAlertTriangle,
  IconCircleDashed,
  IconClockHour4,
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
  sending: { tone: "accent", icon: IconLoader2 },
  sealing: { tone: "accent", icon: IconCircleDashed },
  stored: { tone: "neutral", icon: IconDatabase },
  refused: { tone: "problem", icon: IconShieldX },
  failed: { tone: "problem", icon: IconAlertTriangle },
  cancelled: { tone: "disposed", icon: IconX },
};

export function UploadRow(props: { item: UploadItem }): ReactElement {
  const { item } = props;
  const mark = marks[item.phase];
  const moving = item.phase === "sending" || item.phase === "sealing";
  return (
    <li className="upload-row">
      <div className="upload-name">
        <b>{item.name}</b>
        <StateMark tone={mark.tone} icon={mark.icon}>
          {say.phases[item.phase]}
        </StateMark>
      </div>
      {moving ? (
        <ProgressBar done={item.done} total={item.size} label={`${item.name}: ${say.phases[item.phase]}`} />
      ) : null}
      <div className="upload-foot">
        <p className="small soft nums">{lineOf(item)}</p>
        <Actions item={item} />
      </div>
    </li>
  );
}

function lineOf(item: UploadItem): string {
  const of = `${formatBytes(item.done)} of ${formatBytes(item.size)}`;
  const lines: Readonly<Record<UploadPhase, string>> = {
    waiting: formatBytes(item.size),
    sending: [of, ...paceOf(item), ...(item.resumed ? [say.resumed] : [])].join(" · "),
    sealing: say.sealing(of),
    stored: item.alreadyHeld ? say.alreadyHeld : say.storedLine(formatBytes(item.size)),
    refused: item.detail ?? say.refusedLine,
    failed: `${item.detail ?? ""} ${say.failedLine}`,
    cancelled: say.cancelledLine,
  };
  return lines[item.phase];
}

function paceOf(item: UploadItem): string[] {
  if (item.perSecond === null || item.perSecond <= 0) return [];
  return [formatRate(item.perSecond), say.left(formatLeft((item.size - item.done) / item.perSecond))];
}

function Actions(props: { item: UploadItem }): ReactElement {
  const { item } = props;
  const done = item.phase === "stored" || item.phase === "refused" || item.phase === "cancelled";
  return (
    <div className="upload-actions">
      {item.evidenceId === null ? null : (
        <Button component={Link} to={`/evidence/${item.evidenceId}`} size="compact-sm" variant="default">
          {say.open}
        </Button>
      )}
      {item.phase === "failed" ? (
        <Button size="compact-sm" variant="default" onClick={() => uploadQueue.retry(item.key)}>
          {words.frame.retry}
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
