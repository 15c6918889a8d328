import { Button } from "@mantine/core";
import { IconAlertOctagon, IconCircleCheck, IconCircleDashed, IconLoader2 } from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import { formatBytes, formatRate } from "../../ui/format/bytes.ts";
import { formatLeft } from "../../ui/format/duration.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { words } from "../../words/index.ts";
import type { Line, LineId, LineState } from "./check-history.ts";
import type { Check } from "./use-check.ts";
import type { FileCheck } from "./use-file-check.ts";

const say = words.custody;
const order: readonly Exclude<LineId, "file">[] = ["checkpoint", "entries", "inclusion", "history"];
const icons: Readonly<Record<LineState, Icon>> = {
  idle: IconCircleDashed,
  running: IconLoader2,
  holds: IconCircleCheck,
  waiting: IconCircleDashed,
  fails: IconAlertOctagon,
};

/** Separate lines that fill in one after the other, each saying what it compared; and what none of them covers. */
export function CheckLines(props: {
  check: Check;
  file: FileCheck;
  size: number;
  onCheckFile: (() => void) | null;
  onCancelFile: () => void;
  newer: number;
}): ReactElement {
  const { check, file } = props;
  const shown = useRef<HTMLDivElement>(null);
  // On a laptop the lines open below the fold: who pressed "Check it" wants to see them.
  useEffect(() => {
    // In braces: newer browsers return a promise here, and React would take it for a clean-up.
    shown.current?.scrollIntoView({ block: "nearest" });
  }, [check.phase]);
  return (
    <div className="check" ref={shown}>
      <ul className="check-lines" aria-live="polite">
        {order.map((id) => {
          const line: Line = check.lines.get(id) ?? { id, state: "idle", detail: "", entry: null };
          return <CheckLine key={id} id={id} state={line.state} detail={line.detail} />;
        })}
        <CheckLine id="file" state={file.phase} detail={file.phase === "running" ? "" : file.detail}>
          {file.phase === "running" ? <FileProgress file={file} onCancel={props.onCancelFile} /> : null}
          {file.phase === "running" || props.onCheckFile === null ? null : (
            <Button
              size="compact-xs"
              variant="default"
              onClick={props.onCheckFile}
              title={say.file.startHint(formatBytes(props.size))}
            >
              {file.phase === "idle" ? say.file.start : say.checkAgain}
            </Button>
          )}
        </CheckLine>
      </ul>
      {check.fingerprint === null ? null : (
        <p className="check-key small">
          {say.key} <span className="mono">{check.fingerprint}</span>
        </p>
      )}
      {props.newer > 0 ? <p className="small soft">{say.newer(props.newer)}</p> : null}
      <p className="small quiet">{say.notChecked}</p>
    </div>
  );
}

function CheckLine(props: { id: LineId; state: LineState; detail: string; children?: ReactNode }): ReactElement {
  const Glyph = icons[props.state];
  return (
    <li className={`check-line check-${props.state}`}>
      <Glyph size={18} aria-hidden="true" className={props.state === "running" ? "turning" : ""} />
      <div>
        <p className="check-name">
          {say.lines[props.id]} <span className="check-state">{say.lineStates[props.state]}</span>
        </p>
        {props.detail === "" ? null : <p className="check-detail small">{props.detail}</p>}
        {props.children}
      </div>
    </li>
  );
}

function FileProgress(props: { file: FileCheck; onCancel: () => void }): ReactElement {
  const { file } = props;
  const rate = file.done / Math.max(0.2, (performance.now() - file.startedAt) / 1000);
  const left = rate > 0 ? (file.size - file.done) / rate : 0;
  return (
    <div className="check-file">
      <ProgressBar done={file.done} total={file.size} label={say.file.label} />
      <p className="small soft nums">
        {say.file.running(formatBytes(file.done), formatBytes(file.size), formatRate(rate), formatLeft(left))}
      </p>
      <Button size="compact-xs" variant="default" onClick={props.onCancel}>
        {words.frame.cancel}
      </Button>
    </div>
  );
}
