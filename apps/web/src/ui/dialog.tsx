import { useEffect, useId, useRef, type ReactElement, type ReactNode } from "react";
import { words } from "../words/index.ts";
import { CloseButton } from "./close-button.tsx";
import "./dialog.css";

/** The browser's own dialog: it keeps the focus, closes with Escape and hides the rest from screen readers. */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}): ReactElement {
  const { open, onClose } = props;
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (open) element.current?.showModal();
    else element.current?.close();
  }, [open]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape and the button close it too
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-sheet">
        <div className="dialog-head">
          <h2 id={titleId}>{props.title}</h2>
          <CloseButton name={words.frame.close} onClick={onClose} />
        </div>
        {open ? props.children : null}
      </div>
    </dialog>
  );
}
