import { Button } from "@mantine/core";
import type { ImportAnswer, ImportKind, ImportPeople } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { HowToRead } from "./how-to-read.tsx";
import { ErrorList, PreviewList } from "./import-preview.tsx";
import { contentOf } from "./to-table.ts";
import "./imports.css";

const say = words.imports;
/** A table as it was read, and what it does. */
interface Looked {
  readonly table: ImportPeople;
  readonly answer: ImportAnswer;
}
type Send = (table: ImportPeople) => Promise<ImportAnswer>;

/** Brings in a table: choose or paste it, see what it does row by row, then do it. Nothing is written before. */
export function ImportDialog(props: {
  kind: ImportKind;
  open: boolean;
  onClose: () => void;
  /** Asks the server: with `dryRun` for what would happen. */
  send: Send;
  onDone: (text: string) => Promise<void> | void;
}): ReactElement {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={say[props.kind]}>
      <Steps {...props} />
    </Dialog>
  );
}

function Steps(props: {
  kind: ImportKind;
  onClose: () => void;
  send: Send;
  onDone: (text: string) => Promise<void> | void;
}): ReactElement {
  const [looked, setLooked] = useState<Looked | null>(null);
  // Something was chosen otherwise since: what it does must be seen again before it is done.
  const [stale, setStale] = useState(false);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [makeUnits, setMakeUnits] = useState(false);
  const people = props.kind === "people" ? { change: [...ticked], makeUnits } : {};
  const look = useMutation({
    mutationFn: async (form: HTMLFormElement) => {
      const data = new FormData(form);
      const file = data.get("file");
      const given = await contentOf(file instanceof File ? file : null, textOf(data, "pasted"));
      const same = looked?.table.content === given.content;
      if (!same) {
        setTicked(new Set());
        setMakeUnits(false);
      }
      // Another file is read by its own headings; the same one as it was told.
      const table = { ...given, ...(same ? readForm(data, looked.answer) : {}) };
      setLooked({
        table,
        answer: await props.send({
          ...table,
          ...(props.kind === "people" ? { makeUnits: same && makeUnits } : {}),
          dryRun: true,
        }),
      });
      setStale(false);
    },
  });
  const bring = useMutation({
    mutationFn: async () => {
      if (looked === null) throw new Error(say.nothing);
      return await props.send({ ...looked.table, ...people });
    },
    onSuccess: async ({ counts }) => {
      await props.onDone(say.done(counts.added + counts.changed));
      props.onClose();
    },
  });
  const found = looked?.answer;
  const problem = look.error ?? bring.error;
  const writes = found === undefined || stale ? 0 : found.counts.added + found.counts.changed + ticked.size;
  return (
    <form
      className="import"
      onSubmit={(event) => {
        event.preventDefault();
        const submitter = event.nativeEvent.submitter;
        if (submitter?.dataset["step"] === "bring") bring.mutate();
        else look.mutate(event.currentTarget);
      }}
    >
      <p className="soft column">{say.lead}</p>
      <div className="import-source" onChange={() => setStale(true)}>
        <label className="field">
          <span className="field-name">{say.file}</span>
          <input type="file" name="file" accept=".csv,.tsv,.txt,text/csv,text/plain" className="import-file" />
        </label>
        <label className="field">
          <span className="field-name">
            {say.paste} <span className="small quiet">{say.pasteHint}</span>
          </span>
          <textarea name="pasted" rows={3} className="field-select import-paste mono" spellCheck={false} />
        </label>
      </div>
      {found === undefined ? null : (
        <HowToRead key={found.columns.join("\n")} kind={props.kind} answer={found} onChange={() => setStale(true)} />
      )}
      {problem === null ? null : (
        <p role="alert" className="dialog-problem">
          {reasonOf(problem)}
        </p>
      )}
      <div role="status">
        {found === undefined ? null : (
          <p className="import-counts nums">
            {found.unmapped.length > 0
              ? say.unmapped(found.unmapped.map((field) => say.fields[field] ?? field).join(", "))
              : say.counts(found.counts.added, found.counts.changed, found.counts.unchanged, found.counts.refused)}
          </p>
        )}
      </div>
      {found === undefined || found.units.length === 0 ? null : (
        <label className="import-tick">
          <input
            type="checkbox"
            checked={makeUnits}
            onChange={(event) => {
              setMakeUnits(event.currentTarget.checked);
              setStale(true);
            }}
          />
          <span>
            {say.makeUnits}
            <span className="small soft"> {say.units(found.units.join(", "))}</span>
          </span>
        </label>
      )}
      {found === undefined ? null : <ErrorList errors={found.errors} refused={found.counts.refused} />}
      {found === undefined ? null : (
        <PreviewList
          answer={found}
          ticked={ticked}
          onTick={(label, on) =>
            setTicked(new Set(on ? [...ticked, label] : [...ticked].filter((one) => one !== label)))
          }
        />
      )}
      <div className="dialog-actions">
        <Button variant="default" onClick={props.onClose}>
          {words.frame.cancel}
        </Button>
        <Button type="submit" variant={writes === 0 ? "filled" : "default"} loading={look.isPending}>
          {found === undefined ? say.look : say.again}
        </Button>
        {writes === 0 ? null : (
          <Button type="submit" data-step="bring" loading={bring.isPending}>
            {say.submit(writes)}
          </Button>
        )}
      </div>
    </form>
  );
}

/** How the table is read, as the fields say now. */
function readForm(form: FormData, answer: ImportAnswer): Partial<ImportPeople> {
  const mapping = Object.fromEntries(Object.keys(answer.mapping).map((field) => [field, textOf(form, `map-${field}`)]));
  const encoding = textOf(form, "encoding");
  const dateOrder = textOf(form, "dateOrder");
  const zone = textOf(form, "zone").trim();
  return {
    mapping,
    ...(encoding === answer.encoding && answer.encodingSure ? {} : { encoding: encoding as ImportAnswer["encoding"] }),
    dateOrder: dateOrder === "dmy" ? "dmy" : "mdy",
    ...(zone === "" ? {} : { zone }),
  };
}
