import type { RowError, RowFault } from "@sworn/contract";
import type { Mapping } from "./map-columns.ts";
import type { Table } from "./read-table.ts";
import { readTime, type TimeRules } from "./read-time.ts";

/** Why a row is not taken; thrown by whoever reads its cells. */
export class RowRefusal extends Error {
  readonly fault: RowFault;
  readonly field: string | null;
  readonly value: string;
  constructor(fault: RowFault, field: string | null = null, value = "") {
    super(fault);
    this.name = "RowRefusal";
    this.fault = fault;
    this.field = field;
    this.value = value;
  }
}

/** One row, its cells by field. What a cell says wrong is a `RowRefusal` with the field's name. */
export class Row {
  readonly line: number;
  readonly #cells: ReadonlyMap<string, string>;
  readonly #times: TimeRules;
  constructor(line: number, cells: ReadonlyMap<string, string>, times: TimeRules) {
    this.line = line;
    this.#cells = cells;
    this.#times = times;
  }
  /** Empty where the cell is, or the column. */
  text(field: string, most: number): string {
    const value = this.#cells.get(field) ?? "";
    if (value.length > most) throw new RowRefusal("too-long", field, value);
    // Tabs and line breaks within a cell are blanks; other control signs hide something.
    const flat = value.replaceAll(/[\t\r\n]+/gu, " ").trim();
    if (/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(flat)) throw new RowRefusal("characters", field, value);
    return flat;
  }
  needed(field: string, most: number): string {
    const value = this.text(field, most);
    if (value === "") throw new RowRefusal("missing", field);
    return value;
  }
  time(field: string): Date {
    const value = this.needed(field, 80);
    const read = readTime(value, this.#times);
    if (!read.ok) throw new RowRefusal(read.fault, field, value);
    return read.at;
  }
  number(field: string, bound: number): number | null {
    const value = this.text(field, 40);
    if (value === "") return null;
    const number = Number(value);
    if (!/^[+-]?\d{1,3}(\.\d+)?$/u.test(value) || Math.abs(number) > bound)
      throw new RowRefusal("coordinate", field, value);
    return number;
  }
}

/** Reads every row; those that cannot be taken are named and stop no other. */
export function readRows<T>(
  table: Table,
  mapping: Mapping,
  times: TimeRules,
  read: (row: Row) => T,
): { good: { line: number; value: T }[]; errors: RowError[] } {
  const good: { line: number; value: T }[] = [];
  const errors: RowError[] = [];
  const places = Object.entries(mapping).flatMap(([field, column]): [string, number][] =>
    column === "" ? [] : [[field, table.columns.indexOf(column)]],
  );
  for (const { line, cells } of table.rows) {
    try {
      if (cells.length !== table.columns.length) throw new RowRefusal("columns", null, cells.join(table.delimiter));
      good.push({
        line,
        value: read(new Row(line, new Map(places.map(([field, at]) => [field, cells[at] ?? ""])), times)),
      });
    } catch (error) {
      errors.push(errorOf(line, error));
    }
  }
  return { good, errors };
}

/** What was wrong with a row, for the answer; anything else goes on as the failure that it is. */
export function errorOf(line: number, error: unknown): RowError {
  if (!(error instanceof RowRefusal)) throw error;
  return { line, field: error.field, fault: error.fault, value: error.value.slice(0, 80) };
}
