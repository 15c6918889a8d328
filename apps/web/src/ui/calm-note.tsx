import type { Icon } from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import type { Tone } from "./state-mark.tsx";
import "./calm-note.css";

/** Something to know, said once: what happened, what was kept, what to do. */
export function CalmNote(props: {
  icon: Icon;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: Tone;
  /** On the dark stage, whatever the theme. */
  onStage?: boolean;
  role?: "status" | "alert";
}): ReactElement {
  const { icon: Glyph, tone = "neutral", onStage = false } = props;
  return (
    <div className={`calm calm-${tone}${onStage ? " calm-stage" : ""}`} role={props.role}>
      <Glyph className="calm-icon" size={20} stroke={1.7} aria-hidden="true" />
      <div className="calm-text">
        <div className="calm-title">{props.title}</div>
        {props.children === undefined ? null : <div className="calm-body">{props.children}</div>}
        {props.actions === undefined ? null : <div className="calm-actions">{props.actions}</div>}
      </div>
    </div>
  );
}
