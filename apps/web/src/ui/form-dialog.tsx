import { Button } from "@mantine/core";
import { SwornError } from "@sworn/sdk";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { reasonOf } from "../app/server.ts";
import { words } from "../words/index.ts";
import { Dialog } from "./dialog.tsx";
import "./form-dialog.css";

interface FormDialogProps {
  readonly title: string;
  /** What will happen, before it is asked for. */
  readonly lead?: ReactNode;
  readonly submit: string;
  readonly onSubmit: (form: FormData) => Promise<unknown>;
  readonly onClose: () => void;
  /** There is nothing to choose from: the lead says what to do first, and only closing is offered. */
  readonly nothing?: boolean;
  /** Fields; a name that is taken is said at the name's own field. */
  readonly children?: (nameProblem: string | null) => ReactNode;
}

/** One question with its fields and its own refusal; stays open, with what was typed, until the server has agreed. */
export function FormDialog(props: FormDialogProps & { open: boolean }): ReactElement {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title}>
      <DialogForm {...props} />
    </Dialog>
  );
}

function DialogForm(props: FormDialogProps): ReactElement {
  const send = useMutation({ mutationFn: props.onSubmit, onSuccess: props.onClose });
  const { error } = send;
  const nameProblem = error instanceof SwornError && error.code === "name-taken" ? reasonOf(error) : null;
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(new FormData(event.currentTarget));
      }}
    >
      {props.lead === undefined ? null : <div className="soft column">{props.lead}</div>}
      {props.nothing === true ? null : props.children?.(nameProblem)}
      {error === null || nameProblem !== null ? null : (
        <p role="alert" className="dialog-problem">
          {reasonOf(error)}
        </p>
      )}
      <div className="dialog-actions">
        <Button variant="default" onClick={props.onClose}>
          {words.frame.cancel}
        </Button>
        {props.nothing === true ? null : (
          <Button type="submit" loading={send.isPending}>
            {props.submit}
          </Button>
        )}
      </div>
    </form>
  );
}
