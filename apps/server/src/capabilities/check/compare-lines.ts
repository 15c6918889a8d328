import type { CustodyEvent } from "@sworn/core";
import type { Report } from "./finding.ts";

/** What one row must be, as one line of text: easy to compare, easy to read. */
export type Lines = Map<string, string>;

export const line = (...values: (string | null)[]): string => values.map((value) => value ?? "none").join(", ");

/** A detail of an event that is a text. */
export const said = ({ details }: CustodyEvent, name: string): string | null => {
  const value = details?.[name];
  return typeof value === "string" ? value : null;
};

/** Rows that are gone, that differ, and that the log does not tell of. */
export function compareLines(table: string, expected: Lines, found: Lines, report: Report): void {
  for (const [id, logged] of expected) {
    const row = found.get(id);
    if (row === undefined) report("row-missing", table, id, `${table} ${id} is gone, but the log says that it exists.`);
    else if (row !== logged) report("row-altered", table, id, `${table} ${id} is "${row}"; the log says "${logged}".`);
  }
  for (const id of found.keys())
    if (!expected.has(id)) report("row-unlogged", table, id, `${table} ${id} exists, but the log does not tell of it.`);
}
