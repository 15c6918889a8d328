import { IconX } from "@tabler/icons-react";
import type { ReactElement } from "react";
import "./close-button.css";

/** The cross that closes or clears something; its name says what. */
export function CloseButton(props: { name: string; onClick: () => void }): ReactElement {
  return (
    <button type="button" className="close-button" aria-label={props.name} onClick={props.onClick}>
      <IconX size={18} aria-hidden="true" />
    </button>
  );
}
