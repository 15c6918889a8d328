import type { ReactElement } from "react";
import "./progress-bar.css";

/** Progress of `done` out of `total`; without a total it says only that work goes on. */
export function ProgressBar(props: {
  done: number;
  total: number;
  label: string;
  tone?: "accent" | "problem" | "quiet";
}): ReactElement {
  const share = props.total > 0 ? Math.min(1, props.done / props.total) : 0;
  return (
    <div
      className={`bar bar-${props.tone ?? "accent"}`}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
    >
      <div className="bar-fill" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
