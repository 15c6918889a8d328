import type { CallItem, CallState } from "@sworn/contract";
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconEyeOff,
  IconHelpCircle,
  IconSearch,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import type { ReactElement } from "react";
import { StateMark, type Tone } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";

const marks: Readonly<Record<CallState, readonly [Tone, Icon]>> = {
  ambiguous: ["live", IconHelpCircle],
  missing: ["problem", IconAlertTriangle],
  right: ["accent", IconSearch],
  unseen: ["restricted", IconEyeOff],
  accepted: ["verified", IconCheck],
  settled: ["neutral", IconBan],
  nobody: ["neutral", IconCircleDashed],
};
const itemMarks: Readonly<Record<CallItem["state"], readonly [Tone, Icon]>> = {
  right: marks.right,
  ambiguous: marks.ambiguous,
  accepted: marks.accepted,
  refused: ["neutral", IconX],
};

/** How a call, or one who answered it, stands with footage. */
export function CallMark(props: { state: CallState }): ReactElement {
  const [tone, icon] = marks[props.state];
  return (
    <StateMark tone={tone} icon={icon}>
      {words.calls.states[props.state]}
    </StateMark>
  );
}

export function ItemMark(props: { state: CallItem["state"] }): ReactElement {
  const [tone, icon] = itemMarks[props.state];
  return (
    <StateMark tone={tone} icon={icon}>
      {words.calls.itemStates[props.state]}
    </StateMark>
  );
}
