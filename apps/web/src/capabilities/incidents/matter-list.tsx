import { Button } from "@mantine/core";
import { IconFolderOpen, IconPlus } from "@tabler/icons-react";
import { useState, type ReactElement, type ReactNode } from "react";
import { reasonOf } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import "./matters.css";

const say = words.incidents;

export interface ListSearch {
  readonly q?: string;
  readonly state?: "open" | "closed";
}

/** A list of incidents or cases with its search, its states and its way to open one: the address holds what is asked. */
export function MatterList(props: {
  title: string;
  find: string;
  add: string | null;
  empty: readonly [title: string, body: string];
  search: ListSearch;
  columns: readonly string[];
  rows: readonly (readonly [key: string, cells: readonly ReactNode[]])[] | undefined;
  error: Error | null;
  more: { readonly onClick: () => void; readonly loading: boolean } | null;
  onSearch: (search: ListSearch) => void;
  onAdd: () => void;
  children?: ReactNode;
}): ReactElement {
  const { search, rows } = props;
  const [text, setText] = useState(search.q ?? "");
  const asked = search.q !== undefined || search.state !== undefined;
  return (
    <div className="page matters">
      <header className="matters-head">
        <h1>{props.title}</h1>
        {props.add === null ? null : (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={props.onAdd}>
            {props.add}
          </Button>
        )}
      </header>
      <form
        className="matters-find"
        role="search"
        aria-label={props.find}
        onSubmit={(event) => {
          event.preventDefault();
          const q = textOf(new FormData(event.currentTarget), "find").trim();
          props.onSearch({
            ...(q === "" ? {} : { q }),
            ...(search.state === undefined ? {} : { state: search.state }),
          });
        }}
      >
        <input
          name="find"
          type="search"
          className="field-select matters-find-text"
          aria-label={props.find}
          placeholder={props.find}
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="matters-states" role="group" aria-label={say.stateLabel}>
          {([undefined, "open", "closed"] as const).map((state) => (
            <button
              key={state ?? "all"}
              type="button"
              aria-pressed={search.state === state}
              onClick={() =>
                props.onSearch({
                  ...(search.q === undefined ? {} : { q: search.q }),
                  ...(state === undefined ? {} : { state }),
                })
              }
            >
              {say.states[state ?? "all"]}
            </button>
          ))}
        </div>
      </form>
      {props.error === null ? null : <p role="alert">{reasonOf(props.error)}</p>}
      {rows === undefined ? (
        props.error === null ? (
          <p className="quiet" role="status">
            {words.frame.loading}
          </p>
        ) : null
      ) : rows.length === 0 ? (
        <CalmNote icon={IconFolderOpen} title={asked ? say.nothing : props.empty[0]}>
          {asked ? say.nothingBody : props.empty[1]}
        </CalmNote>
      ) : (
        <MatterTable label={props.title} columns={props.columns} rows={rows} />
      )}
      {props.more === null ? null : (
        <Button variant="default" loading={props.more.loading} onClick={props.more.onClick}>
          {say.more}
        </Button>
      )}
      {props.children}
    </div>
  );
}

/** On a narrow screen each row becomes a block. */
export function MatterTable(props: {
  label: string;
  columns: readonly string[];
  rows: readonly (readonly [key: string, cells: readonly ReactNode[]])[];
}): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="matter-table" tabIndex={0} role="region" aria-label={say.tableOf(props.label)}>
      <table>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(([key, cells]) => (
            <tr key={key}>
              {cells.map((cell, at) => (
                <td key={props.columns[at] ?? at} data-label={props.columns[at]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
