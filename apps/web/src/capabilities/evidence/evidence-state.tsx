import type { Evidence, EvidenceState as State } from "@sworn/contract";
import { IconAlertTriangle, IconCircleDashed, IconDatabase, IconPointFilled, IconTrash } from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { StateMark, type Tone } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";

const marks: Readonly<Record<State, { tone: Tone; icon: Icon }>> = {
  live: { tone: "recording", icon: IconPointFilled },
  sealing: { tone: "accent", icon: IconCircleDashed },
  stored: { tone: "neutral", icon: IconDatabase },
  incomplete: { tone: "problem", icon: IconAlertTriangle },
  disposed: { tone: "disposed", icon: IconTrash },
};

export function EvidenceState(props: { evidence: Pick<Evidence, "state"> }): ReactElement {
  const { tone, icon } = marks[props.evidence.state];
  return (
    <StateMark tone={tone} icon={icon} boxed>
      {words.evidence.states[props.evidence.state]}
    </StateMark>
  );
}
