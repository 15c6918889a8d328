import { ActionIcon, Menu } from "@mantine/core";
import type { Marker } from "@sworn/contract";
import { IconBell, IconCamera, IconDots, IconMicrophoneOff, IconNote, IconTag } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMoments } from "../../../app/me.ts";
import { sworn } from "../../../app/server.ts";
import { copyText } from "../../../ui/copy-text.ts";
import { words } from "../../../words/index.ts";
import { nameOf, refreshMarkers } from "./markers-query.ts";
import { NoteForm } from "./note-form.tsx";
import { sayStretch, type Stretch } from "./place.ts";

const say = words.markers;
const icons = { tag: IconTag, note: IconNote, trigger: IconBell, mute: IconMicrophoneOff, snapshot: IconCamera };

/** One note: where, what, who; and what can be done with it. */
export function MarkerRow(props: {
  marker: Marker;
  stretch: Stretch | null;
  onSeek: (seconds: number) => void;
  onRemove: () => void;
}): ReactElement {
  const { marker, stretch } = props;
  const moments = useMoments();
  const [editing, setEditing] = useState(false);
  const [linked, setLinked] = useState(false);
  const Icon = icons[marker.kind];
  const kind = say.kinds[marker.kind];
  const name = nameOf(marker, kind);
  const where = sayStretch(stretch);
  const address = `${window.location.origin}/evidence/${marker.evidenceId}#note-${marker.id}`;
  if (editing)
    return (
      <li>
        <NoteForm
          evidenceId={marker.evidenceId}
          initial={marker}
          choices={[]}
          save={async ({ label, note, mentions }) => {
            await sworn.markers.change(marker.id, { label, note, mentions: mentions.map(({ id }) => id) });
            await refreshMarkers(marker.evidenceId);
          }}
          onClose={() => setEditing(false)}
        />
      </li>
    );
  return (
    <li id={`note-${marker.id}`} tabIndex={-1} className={`note note-${marker.kind}`}>
      <div className="note-where small">
        <Icon size={15} stroke={1.7} aria-hidden="true" />
        <span className="sr-only">{kind}</span>
        {stretch === null ? (
          <span className="soft">{where}</span>
        ) : (
          <button
            type="button"
            className="note-time mono"
            aria-label={say.goTo(name, where)}
            onClick={() => props.onSeek(stretch.from)}
          >
            {where}
          </button>
        )}
        <Menu position="bottom-end" shadow="none" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={say.editOf(name)} className="note-menu">
              <IconDots size={16} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void copyText(address).then(() => setLinked(true))}>{say.link}</Menu.Item>
            {marker.mine ? <Menu.Item onClick={() => setEditing(true)}>{say.edit}</Menu.Item> : null}
            {marker.mine ? <Menu.Item onClick={props.onRemove}>{say.remove}</Menu.Item> : null}
          </Menu.Dropdown>
        </Menu>
      </div>
      {marker.label === "" ? null : <p className="note-label">{marker.label}</p>}
      {marker.note === "" ? null : <NoteText marker={marker} />}
      {marker.derivativeId === null ? null : (
        <Link to="/evidence/$id" params={{ id: marker.derivativeId }} className="small">
          {say.openStill}
        </Link>
      )}
      <p className="small quiet">
        {say.by(marker.createdBy.name, moments.full(marker.createdAt), marker.changedAt !== null)}
        <span role="status">{linked ? ` · ${say.linked}` : null}</span>
      </p>
    </li>
  );
}

/** The note's words, names of people who were told set apart. Text only: nothing in it is a link or a tag. */
function NoteText(props: { marker: Marker }): ReactElement {
  const names = props.marker.mentions.map(({ name }) => `@${name}`).filter((name) => name.length > 1);
  const found = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const pieces = found === "" ? [props.marker.note] : props.marker.note.split(new RegExp(`(${found})`, "u"));
  return (
    <p className="note-text">
      {pieces.map((piece, index) =>
        names.includes(piece) ? (
          // oxlint-disable-next-line react/no-array-index-key -- pieces of one text, drawn anew with it
          <strong key={index}>{piece}</strong>
        ) : (
          piece
        ),
      )}
    </p>
  );
}
