import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { reasonOf } from "../app/server.ts";
import { words } from "../words/index.ts";
import { CloseButton } from "./close-button.tsx";
import "./undo-notice.css";

/** What was done, and how to take it back; `undo` answers what to say afterwards, or nothing more. */
export interface Done {
  readonly text: string;
  readonly undo?: () => Promise<string | undefined>;
}

/** Stays until it is closed or the next thing is done: nobody should have to hurry to undo. */
export function UndoNotice(props: { done: Done; onDone: (done: Done | null) => void }): ReactElement {
  const { done, onDone } = props;
  const undo = useMutation({
    mutationFn: async () => await done.undo?.(),
    onSuccess: (text) => onDone(text === undefined ? null : { text }),
  });
  return (
    <div className="notice">
      <IconCheck size={18} className="mark-accent" aria-hidden="true" />
      <p>{undo.isError ? words.frame.undoFailed(reasonOf(undo.error)) : done.text}</p>
      {done.undo === undefined || undo.isError ? null : (
        <Button size="compact-sm" variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
          {words.frame.undo}
        </Button>
      )}
      <CloseButton name={words.frame.closeNotice} onClick={() => onDone(null)} />
    </div>
  );
}

/** Where such notices stand: above the screen's lower edge, beside nothing else. Read out as they come. */
export function NoticeDock(props: { done: Done | null; onDone: (done: Done | null) => void }): ReactElement {
  return (
    <div className="notice-dock" role="status">
      {props.done === null ? null : <UndoNotice key={props.done.text} done={props.done} onDone={props.onDone} />}
    </div>
  );
}
