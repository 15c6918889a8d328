import { useState, type ReactElement } from "react";
import { words } from "../words/index.ts";
import { CopyButton } from "./copy-button.tsx";
import "./hash-value.css";

/** A hash: eight digits at each end are enough to recognise; the whole is one press away. */
export function HashValue(props: { hash: string; name: string }): ReactElement {
  const [whole, setWhole] = useState(false);
  const { hash, name } = props;
  const shown = whole ? hash : `${hash.slice(0, 8)}…${hash.slice(-8)}`;
  return (
    <span className="hash">
      <button
        type="button"
        className={`hash-text mono${whole ? " hash-whole" : ""}`}
        onClick={() => setWhole(!whole)}
        aria-expanded={whole}
        aria-label={`${name} ${shown}`}
        title={words.frame.hashTitle}
      >
        {shown}
      </button>
      <CopyButton text={hash} label={words.frame.copyOf(name)} />
    </span>
  );
}
