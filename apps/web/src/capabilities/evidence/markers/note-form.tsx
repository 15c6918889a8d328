import { Button, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import type { MarkerPlace } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState, type ReactElement } from "react";
import { reasonOf, sworn } from "../../../app/server.ts";
import { words } from "../../../words/index.ts";

const say = words.markers;

export interface NoteText {
  readonly label: string;
  readonly note: string;
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
}
export interface PlaceChoice {
  readonly value: string;
  readonly label: string;
  readonly place: MarkerPlace | null;
}

/** Label, note and whom it tells; where it stands, while it is new. Stays open until the server has agreed. */
export function NoteForm(props: {
  evidenceId: string;
  initial: NoteText;
  choices: readonly PlaceChoice[];
  save: (text: NoteText, place: MarkerPlace | null | undefined) => Promise<unknown>;
  onClose: () => void;
}): ReactElement {
  const [label, setLabel] = useState(props.initial.label);
  const [note, setNote] = useState(props.initial.note);
  const [people, setPeople] = useState(props.initial.mentions);
  const [chosen, setChosen] = useState(props.choices[0]?.value ?? "");
  const send = useMutation({
    mutationFn: () =>
      props.save(
        // Whose name was taken out of the text again is not told.
        { label, note, mentions: people.filter(({ name }) => note.includes(`@${name}`)) },
        props.choices.find(({ value }) => value === chosen)?.place,
      ),
    onSuccess: props.onClose,
  });
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send.mutate();
      }}
    >
      {props.choices.length < 2 ? null : (
        <SegmentedControl
          aria-label={say.about}
          size="xs"
          fullWidth
          value={chosen}
          onChange={setChosen}
          data={props.choices.map(({ value, label: text }) => ({ value, label: text }))}
        />
      )}
      <TextInput
        label={say.label}
        maxLength={100}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <NoteField
        evidenceId={props.evidenceId}
        note={note}
        onChange={setNote}
        onMention={(person) => setPeople((now) => [...now.filter(({ id }) => id !== person.id), person])}
      />
      {send.isError ? (
        <p role="alert" className="keeping-problem">
          {reasonOf(send.error)}
        </p>
      ) : null}
      <div className="note-actions">
        <Button size="compact-sm" variant="default" onClick={props.onClose}>
          {say.cancel}
        </Button>
        <Button
          size="compact-sm"
          type="submit"
          loading={send.isPending}
          disabled={label.trim() === "" && note.trim() === ""}
        >
          {say.save}
        </Button>
      </div>
    </form>
  );
}

/** What follows the last @ before the caret, while it may still be a name. */
const nameBefore = (text: string): string | null => /(?:^|\s)@(\S[^@\n]{0,39})$/u.exec(text)?.[1] ?? null;

function NoteField(props: {
  evidenceId: string;
  note: string;
  onChange: (note: string) => void;
  onMention: (person: { id: string; name: string }) => void;
}): ReactElement {
  const field = useRef<HTMLTextAreaElement>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const found = useQuery({
    queryKey: ["evidence", props.evidenceId, "mentionable", asked],
    queryFn: ({ signal }) => sworn.markers.mentionable(props.evidenceId, asked ?? "", signal),
    enabled: asked !== null,
  });
  const choose = (person: { id: string; name: string }): void => {
    const caret = field.current?.selectionStart ?? props.note.length;
    const before = props.note.slice(0, caret - (asked?.length ?? 0));
    props.onChange(`${before}${person.name} ${props.note.slice(caret)}`);
    props.onMention(person);
    setAsked(null);
    field.current?.focus();
  };
  const people = found.data ?? [];
  return (
    <div className="note-field">
      <Textarea
        ref={field}
        label={say.note}
        description={say.noteHint}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={4000}
        data-autofocus
        value={props.note}
        onChange={(event) => {
          props.onChange(event.currentTarget.value);
          setAsked(nameBefore(event.currentTarget.value.slice(0, event.currentTarget.selectionStart)));
        }}
      />
      <div role="status" className="note-people">
        {asked === null || found.data === undefined ? null : people.length === 0 ? (
          <span className="small quiet">{say.mentionNobody}</span>
        ) : (
          <span className="small soft">{say.mention}</span>
        )}
        {asked === null
          ? null
          : people.map((person) => (
              <Button key={person.id} size="compact-xs" variant="default" onClick={() => choose(person)}>
                {person.name}
              </Button>
            ))}
      </div>
    </div>
  );
}
