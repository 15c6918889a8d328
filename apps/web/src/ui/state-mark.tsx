import type { Icon } from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import "./state-mark.css";

export type Tone =
  | "neutral"
  | "recording"
  | "live"
  | "verified"
  | "problem"
  | "disposed"
  | "restricted"
  | "held"
  | "accent";

/** A state is always an icon and a word; the colour only helps. */
export function StateMark(props: { tone: Tone; icon: Icon; children: ReactNode; boxed?: boolean }): ReactElement {
  const { tone, icon: Glyph, boxed = false } = props;
  return (
    <span className={`mark mark-${tone}${boxed ? " mark-boxed" : ""}`}>
      <Glyph size={14} stroke={2} aria-hidden="true" />
      <span>{props.children}</span>
    </span>
  );
}
