import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, type ReactElement, type ReactNode } from "react";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";

/** Folded away until wanted; says what went wrong beside its own button. */
export function AddForm(props: {
  title: string;
  onAdd: (form: FormData) => Promise<void>;
  children: ReactNode;
}): ReactElement {
  const fold = useRef<HTMLDetailsElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const add = useMutation({
    mutationFn: props.onAdd,
    onSuccess: () => {
      form.current?.reset();
      fold.current?.removeAttribute("open");
    },
  });
  return (
    <details className="add" ref={fold}>
      <summary>{props.title}</summary>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(new FormData(event.currentTarget));
        }}
      >
        {props.children}
        <Button type="submit" size="compact-md" loading={add.isPending}>
          {words.people.admin.add}
        </Button>
        {add.isError ? (
          <p role="alert" className="add-problem">
            {reasonOf(add.error)}
          </p>
        ) : null}
      </form>
    </details>
  );
}
