import { words } from "../../words/index.ts";
import { useId, type ReactElement, type ReactNode } from "react";

/** `id` is where the screen's own list of sections leads. */
export function Panel(props: { id: string; title: string; children: ReactNode }): ReactElement {
  const titleId = useId();
  return (
    <section id={props.id} className="panel" aria-labelledby={titleId}>
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** A small table: on a narrow screen each row becomes a block, so that what can be done with it stays in sight. */
export function Rows(props: {
  label: string;
  columns: readonly string[];
  /** The last cell is what can be done with the row. */
  acts?: boolean;
  rows: readonly (readonly [key: string, cells: readonly ReactNode[]])[];
}): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div
      className={`rows${props.acts === true ? " rows-act" : ""}`}
      tabIndex={0}
      role="region"
      aria-label={words.people.admin.tableOf(props.label)}
    >
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
