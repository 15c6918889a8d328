import { Button, TextInput } from "@mantine/core";
import type { Evidence } from "@sworn/contract";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { words } from "../../words/index.ts";
import { refreshMatters } from "./incident-queries.ts";

const say = words.incidents;

/** What was done, and how to take it back: `undo` resolves to what to say then. */
export interface Given {
  readonly text: string;
  readonly undo?: () => Promise<string>;
}

/** Gives the selected items an incident's number: first what would happen, then it happens, then it can be taken back. */
export function GiveIncidentDialog(props: {
  open: boolean;
  items: readonly Evidence[];
  onClose: () => void;
  onDone: (done: Given) => void;
}): ReactElement {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={say.bulkTitle(props.items.length)}>
      <Give items={props.items} onClose={props.onClose} onDone={props.onDone} />
    </Dialog>
  );
}

function Give(props: { items: readonly Evidence[]; onClose: () => void; onDone: (done: Given) => void }): ReactElement {
  // The list behind goes on changing; what was selected when the dialog opened is what it is about.
  const [items] = useState(props.items);
  const [text, setText] = useState("");
  const number = text.trim();
  const request = { ids: items.map(({ id }) => id), number };
  const preview = useQuery({
    queryKey: ["matters", "give", request],
    queryFn: () => sworn.incidents.give({ ...request, dryRun: true }),
    enabled: number !== "",
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const apply = useMutation({
    mutationFn: () => sworn.incidents.give(request),
    onSuccess: ({ matter, changed }) => {
      const { id } = matter;
      props.onDone({
        text: (id === null ? say.givenWaiting : say.given)(changed.length, matter.number),
        ...(id === null
          ? {}
          : {
              undo: () =>
                takeBack(
                  id,
                  changed.map((item) => item.id),
                ),
            }),
      });
      void refreshMatters();
    },
  });
  const foreseen = number === "" || preview.isPlaceholderData ? undefined : preview.data;
  const ready = foreseen !== undefined && foreseen.changed.length > 0;
  const problem = preview.error ?? apply.error;
  return (
    <form
      className="bulk-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) apply.mutate();
      }}
    >
      <p className="soft">{say.bulkWhy}</p>
      <TextInput
        label={say.number}
        description={say.numberHint}
        value={text}
        maxLength={60}
        required
        autoComplete="off"
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div role="status" className="soft">
        {foreseen === undefined ? null : (
          <>
            <p>{say.bulkWould(foreseen.changed.length, foreseen.unchanged.length)}</p>
            {foreseen.matter.id === null ? <p>{say.bulkNew}</p> : null}
            {foreseen.missing.length === 0 ? null : <p>{say.bulkMissing(foreseen.missing.length)}</p>}
          </>
        )}
      </div>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      <div className="bulk-form-end">
        <Button variant="default" onClick={props.onClose}>
          {words.frame.cancel}
        </Button>
        <Button type="submit" disabled={!ready} loading={apply.isPending}>
          {say.bulkApply(foreseen?.changed.length ?? 0)}
        </Button>
      </div>
    </form>
  );
}

async function takeBack(incident: string, ids: string[]): Promise<string> {
  const { changed } = await sworn.incidents.remove(incident, ids);
  await refreshMatters();
  return changed.length === 0 ? say.undoNothing : say.undone(changed.length);
}
