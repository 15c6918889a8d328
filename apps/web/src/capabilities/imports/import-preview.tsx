import { Button } from "@mantine/core";
import type { ImportAnswer, ImportRow, RowError } from "@sworn/contract";
import { csvCell } from "@sworn/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import type { Moments } from "../../ui/format/moment.ts";
import { words } from "../../words/index.ts";

const say = words.imports;

/** Rows that are not taken, each with its line, its field and why. */
export function ErrorList(props: { errors: readonly RowError[]; refused: number }): ReactElement | null {
  const { errors } = props;
  if (errors.length === 0) return null;
  return (
    <section className="import-part" aria-labelledby="import-errors">
      <div className="import-part-head">
        <h3 id="import-errors">{say.errorsTitle(props.refused)}</h3>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden="true" />}
          onClick={() => save(errors)}
        >
          {say.errorsSave}
        </Button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <ul className="import-list" tabIndex={0} aria-labelledby="import-errors">
        {errors.map((error) => (
          <li key={`${error.line} ${error.field ?? ""} ${error.fault}`}>
            <span className="nums soft">
              {say.line} {error.line}
              {error.field === null ? "" : ` · ${say.fields[error.field] ?? error.field}`}
            </span>
            <span>{say.faults[error.fault]}</span>
            {error.value === "" ? null : <span className="mono small soft import-value">{error.value}</span>}
          </li>
        ))}
      </ul>
      {errors.length >= 200 ? <p className="small soft">{say.errorsMore}</p> : null}
    </section>
  );
}

function save(errors: readonly RowError[]): void {
  const rows = errors.map(({ line, field, fault, value }) => [line, field ?? "", say.faults[fault], value]);
  const text = [[say.line, say.what, say.wrong, say.says], ...rows]
    .map((row) => row.map(csvCell).join(","))
    .join("\r\n");
  const address = URL.createObjectURL(new Blob([`\u{feff}${text}\r\n`], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "not-taken.csv";
  link.click();
  URL.revokeObjectURL(address);
}

/** What each row does; who is here already is changed only with a tick. */
export function PreviewList(props: {
  answer: ImportAnswer;
  ticked: ReadonlySet<string>;
  onTick: (label: string, on: boolean) => void;
}): ReactElement | null {
  const { preview, counts, rows } = props.answer;
  const moments = useMoments();
  if (preview.length === 0) return null;
  return (
    <section className="import-part" aria-labelledby="import-preview">
      <h3 id="import-preview">{say.previewTitle}</h3>
      {counts.offered === 0 ? null : <p className="small soft">{say.offered(counts.offered)}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <ul className="import-list" tabIndex={0} aria-labelledby="import-preview">
        {preview.map((row) => (
          <li key={row.line}>
            <span className="import-row-head">
              {row.outcome === "offered" ? (
                <input
                  type="checkbox"
                  aria-label={say.changeOf(row.label)}
                  checked={props.ticked.has(row.label)}
                  onChange={(event) => props.onTick(row.label, event.currentTarget.checked)}
                />
              ) : null}
              <span className="mono import-value">{row.label}</span>
              <span className={`import-outcome import-${row.outcome}`}>{say.outcome[row.outcome]}</span>
            </span>
            <RowSays row={row} moments={moments} />
          </li>
        ))}
      </ul>
      {rows > preview.length + props.answer.errors.length && preview.length >= 200 ? (
        <p className="small soft">{say.previewMore}</p>
      ) : null}
    </section>
  );
}

const instant = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function RowSays(props: { row: ImportRow; moments: Moments }): ReactElement {
  const { row, moments } = props;
  const shown = (value: string): string =>
    value === "" ? say.none : instant.test(value) ? moments.full(value) : value;
  const named = (field: string): string => say.fields[field] ?? field;
  if (row.changes.length > 0)
    return (
      <span className="small import-changes">
        {row.changes.map(({ field, before, after }) => (
          <span key={field}>
            {named(field)}: <del>{shown(before)}</del> → <ins>{shown(after)}</ins>
          </span>
        ))}
      </span>
    );
  return (
    <span className="small soft import-value">
      {row.says
        .filter(({ value }) => value !== "")
        .map(({ field, value }) => `${named(field)}: ${shown(value)}`)
        .join(" · ")}
    </span>
  );
}
