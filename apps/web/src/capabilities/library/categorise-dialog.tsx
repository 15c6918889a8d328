import { Button } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import type { Evidence } from "@sworn/contract";
import { reasonOf, sworn } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { newlyRestricted, undoClassify, type Classified } from "./bulk-changes.ts";
import { CategoryChoices, type Wish } from "./category-choices.tsx";
import { ClassifyPreview } from "./classify-preview.tsx";

const say = words.library.categorise;

/** First what would happen, then it happens, then it can be taken back. */
export function CategoriseDialog(props: {
  open: boolean;
  items: readonly Evidence[];
  onClose: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={say.title(props.items.length)}>
      <Choose items={props.items} onClose={props.onClose} onDone={props.onDone} />
    </Dialog>
  );
}

function Choose(props: {
  items: readonly Evidence[];
  onClose: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  // The list behind goes on changing; what was selected when the dialog opened is what it is about.
  const [items] = useState(props.items);
  const [wishes, setWishes] = useState<ReadonlyMap<string, Wish>>(new Map());
  const of = (wish: Wish): string[] => [...wishes].flatMap(([id, one]) => (one === wish ? [id] : []));
  const change = { ids: items.map(({ id }) => id), add: of("add"), remove: of("remove") };
  const preview = useQuery({
    queryKey: ["library", "classify", change],
    queryFn: ({ signal }) => sworn.retention.classify({ ...change, dryRun: true }, signal),
    enabled: wishes.size > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const apply = useMutation({
    mutationFn: () => sworn.retention.classify(change),
    onSuccess: (answer) => props.onDone(doneWith(answer)),
  });
  const foreseen = wishes.size === 0 ? undefined : preview.data;
  const ready = foreseen !== undefined && !preview.isPlaceholderData && foreseen.changed.length > 0;
  return (
    <form
      className="bulk-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) apply.mutate();
      }}
    >
      <p className="soft">{say.why}</p>
      <CategoryChoices items={items} wishes={wishes} onWishes={setWishes} />
      <ClassifyPreview answer={foreseen} asking={wishes.size > 0 && preview.isFetching} error={preview.error} />
      {apply.isError ? (
        <p role="alert" className="facet-problem">
          {reasonOf(apply.error)}
        </p>
      ) : null}
      <div className="bulk-form-end">
        <Button variant="default" onClick={props.onClose}>
          {words.frame.cancel}
        </Button>
        <Button type="submit" disabled={!ready} loading={apply.isPending}>
          {say.apply(foreseen?.changed.length ?? 0)}
        </Button>
      </div>
    </form>
  );
}

function doneWith(answer: Classified): Done {
  const restricted = newlyRestricted(answer).length;
  const text = say.done(answer.changed.length);
  return {
    text: restricted === 0 ? text : `${text} ${say.doneRestricted(restricted)}`,
    undo: async () => {
      const { undone, missing } = await undoClassify(answer);
      const still = restricted - missing;
      return [
        ...(undone === 0 ? [] : [say.undone(undone)]),
        ...(missing === 0 ? [] : [say.undoneInPart(missing)]),
        ...(still > 0 ? [say.stillRestricted(still)] : []),
      ].join(" ");
    },
  };
}
