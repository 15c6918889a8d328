import { Button } from "@mantine/core";
import type { Evidence, Marker } from "@sworn/contract";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { reasonOf, sworn } from "../../../app/server.ts";
import { words } from "../../../words/index.ts";
import { isTyping } from "../stage/keys.ts";
import type { Part } from "../stage/parts.ts";
import { usePlayer } from "../stage/use-player.ts";
import { MarkerRow } from "./marker-row.tsx";
import { markersQuery, refreshMarkers } from "./markers-query.ts";
import { NoteForm, type NoteText, type PlaceChoice } from "./note-form.tsx";
import { placeAt, stretchOf } from "./place.ts";
import "./markers.css";

const say = words.markers;
const blank: NoteText = { label: "", note: "", mentions: [] };

/** What people noted about the item and about moments of it; M notes something where the picture is. */
export function NotesPanel(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement | null {
  const { evidence, parts } = props;
  const may = useMay();
  const player = usePlayer();
  const query = useQuery({ ...markersQuery(evidence.id), enabled: may("marker.read") });
  const [choices, setChoices] = useState<readonly PlaceChoice[] | null>(null);
  const undo = useUndo(evidence.id);
  const mayWrite = may("marker.write") && evidence.state !== "disposed";
  const begin = useRef(() => undefined as void);
  useEffect(() => {
    begin.current = () => {
      player.pause();
      setChoices(choicesNow(player.state(), parts));
    };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!mayWrite || isTyping(event.target) || event.defaultPrevented) return;
      begin.current();
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [mayWrite]);
  useLinkedMarker(query.data, (marker) => {
    const stretch = stretchOf(marker.place, parts);
    if (stretch !== null) player.seek(stretch.from);
  });
  if (!may("marker.read")) return null;
  const markers = query.data ?? [];
  const save = async (text: NoteText, place: PlaceChoice["place"] | undefined): Promise<void> => {
    await sworn.markers.add(evidence.id, {
      kind: text.note === "" ? "tag" : "note",
      place: place ?? null,
      label: text.label,
      note: text.note,
      mentions: text.mentions.map(({ id }) => id),
    });
    await refreshMarkers(evidence.id);
  };
  return (
    <section className="notes" aria-labelledby="notes-title">
      <header className="notes-head">
        <h2 id="notes-title">{say.title}</h2>
        {mayWrite && choices === null ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            aria-keyshortcuts={say.addHint}
            onClick={() => begin.current()}
          >
            {say.add}
          </Button>
        ) : null}
      </header>
      {choices === null ? null : (
        <NoteForm
          evidenceId={evidence.id}
          initial={blank}
          choices={choices}
          save={save}
          onClose={() => setChoices(null)}
        />
      )}
      {query.data === undefined ? (
        <p className="quiet" role="status">
          {query.isError ? reasonOf(query.error) : say.loading}
        </p>
      ) : markers.length === 0 && choices === null ? (
        <p className="small quiet">{mayWrite ? say.empty : say.emptyReadOnly}</p>
      ) : null}
      <p role="status" className="small soft keeping-undo">
        {undo.removed === null ? null : (
          <>
            <span>{say.removed}</span>
            <Button size="compact-xs" variant="default" loading={undo.busy} onClick={undo.takeBack}>
              {say.undo}
            </Button>
          </>
        )}
      </p>
      {undo.problem === null ? null : (
        <p role="alert" className="keeping-problem">
          {undo.problem}
        </p>
      )}
      <ul className="notes-list">
        {markers.map((marker) => (
          <MarkerRow
            key={marker.id}
            marker={marker}
            stretch={stretchOf(marker.place, parts)}
            onSeek={(seconds) => player.seek(seconds)}
            onRemove={() => undo.remove(marker)}
          />
        ))}
      </ul>
    </section>
  );
}

function choicesNow(
  { time, rangeIn, rangeOut }: { time: number; rangeIn: number | null; rangeOut: number | null },
  parts: readonly Part[],
): readonly PlaceChoice[] {
  const here = placeAt(parts, { from: time, to: null });
  const range = rangeIn === null || rangeOut === null ? null : placeAt(parts, { from: rangeIn, to: rangeOut });
  return [
    ...(range?.toMs == null ? [] : [{ value: "range", label: say.theRange, place: range }]),
    ...(here === null ? [] : [{ value: "here", label: say.here, place: here }]),
    { value: "whole", label: say.whole, place: null },
  ];
}

function useUndo(evidenceId: string): {
  removed: Marker | null;
  busy: boolean;
  problem: string | null;
  remove: (marker: Marker) => void;
  takeBack: () => void;
} {
  const [removed, setRemoved] = useState<Marker | null>(null);
  const change = useMutation({
    mutationFn: ({ marker, back }: { marker: Marker; back: boolean }) =>
      back ? sworn.markers.change(marker.id, { removed: false }) : sworn.markers.remove(marker.id),
    onSuccess: (_, { marker, back }) => setRemoved(back ? null : marker),
    onSettled: () => refreshMarkers(evidenceId),
  });
  return {
    removed,
    busy: change.isPending,
    problem: change.isError ? reasonOf(change.error) : null,
    remove: (marker) => change.mutate({ marker, back: false }),
    takeBack: () => {
      if (removed !== null) change.mutate({ marker: removed, back: true });
    },
  };
}

/** An address that ends in `#note-<id>` opens there, once. */
function useLinkedMarker(markers: readonly Marker[] | undefined, open: (marker: Marker) => void): void {
  const done = useRef(false);
  useEffect(() => {
    if (done.current || markers === undefined) return;
    done.current = true;
    const id = /^#note-([0-9a-f-]{36})$/.exec(window.location.hash)?.[1];
    const marker = markers.find((each) => each.id === id);
    if (marker === undefined) return;
    open(marker);
    document.getElementById(`note-${marker.id}`)?.scrollIntoView({ block: "center" });
    document.getElementById(`note-${marker.id}`)?.focus();
  }, [markers, open]);
}
