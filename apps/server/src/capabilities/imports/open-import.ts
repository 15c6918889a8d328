import { createHash, randomUUID } from "node:crypto";
import {
  type DateOrder,
  type ImportAnswer,
  type ImportKind,
  type ImportRow,
  type ImportTable,
  Problem,
  type RowError,
} from "@sworn/contract";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { mapColumns } from "./map-columns.ts";
import { type Row, readRows } from "./read-rows.ts";
import { readTable, type Table } from "./read-table.ts";
import { isZone } from "./read-time.ts";

export interface ImportDeps {
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

/** A table that was read, and what is known of how. */
export interface Opened<T> {
  readonly id: string;
  readonly kind: ImportKind;
  readonly request: z.output<typeof ImportTable>;
  readonly table: Table;
  readonly mapping: Readonly<Record<string, string>>;
  readonly unmapped: readonly string[];
  readonly zone: string;
  readonly dateOrder: DateOrder;
  readonly good: readonly { readonly line: number; readonly value: T }[];
  readonly errors: readonly RowError[];
}

/** Reads a table as it is told to, as the last one of its kind was read, or as its headings say. Writes nothing. */
export async function openImport<T>(
  tx: Tx,
  kind: ImportKind,
  request: z.output<typeof ImportTable>,
  read: (row: Row) => T,
): Promise<Opened<T>> {
  const table = readTable(request.content, request);
  const last = await tx
    .selectFrom("sworn.import")
    .select(["mapping", "zone", "date_order"])
    .where("kind", "=", kind)
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  const remembered = z.record(z.string(), z.string()).safeParse(last?.mapping).data;
  const { mapping, unmapped } = mapColumns(kind, table.columns, request.mapping, remembered);
  const zone = request.zone ?? last?.zone ?? (await agencyZone(tx));
  if (!isZone(zone))
    throw new Problem("request-malformed", `There is no time zone ${zone}. Name one as Europe/Madrid.`);
  const dateOrder = request.dateOrder ?? last?.date_order ?? "mdy";
  const { good, errors } =
    unmapped.length > 0 ? { good: [], errors: [] } : readRows(table, mapping, { zone, dateOrder }, read);
  return { id: randomUUID(), kind, request, table, mapping, unmapped, zone, dateOrder, good, errors };
}

async function agencyZone(tx: Tx): Promise<string> {
  const agency = await tx.selectFrom("sworn.agency").select("time_zone").executeTakeFirst();
  return agency?.time_zone ?? "UTC";
}

/** A table that changes something has its row, before what it brings names it. Counts are what was found. */
export async function keepImport<T>(
  tx: Tx,
  deps: ImportDeps,
  principal: Principal,
  opened: Opened<T>,
  rows: readonly ImportRow[],
  errors: readonly RowError[],
): Promise<void> {
  const { id, kind, request, mapping, zone, dateOrder } = opened;
  const sha256 = createHash("sha256").update(Buffer.from(request.content, "base64")).digest();
  const { added, changed, unchanged, refused } = countsOf(rows, errors);
  const at = new Date(deps.clock.now());
  await tx
    .insertInto("sworn.import")
    .values({
      id,
      agency_id: principal.agencyId,
      kind,
      name: request.name,
      sha256,
      mapping: JSON.stringify(mapping),
      zone,
      date_order: dateOrder,
      added,
      changed,
      unchanged,
      refused,
      created_by: principal.actorId,
      created_at: at,
    })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "import.done",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    hashes: { file: sha256.toString("hex") },
    details: { import: id, of: kind, added, changed, unchanged, refused },
  });
}

/** Whether anything of it is written: the same table again leaves no trace. */
export const writes = ({ request }: Opened<unknown>, rows: readonly ImportRow[]): boolean =>
  !request.dryRun && rows.some(({ outcome }) => outcome === "added" || outcome === "changed");

/** `rows` in the file's order. */
export function answerOf<T>(
  opened: Opened<T>,
  rows: readonly ImportRow[],
  errors: readonly RowError[],
  more: { readonly units?: readonly string[]; readonly at: number },
): ImportAnswer {
  const { table, request } = opened;
  return {
    dryRun: request.dryRun,
    encoding: table.encoding,
    encodingSure: table.encodingSure,
    delimiter: table.delimiter,
    zone: opened.zone,
    dateOrder: opened.dateOrder,
    columns: [...table.columns],
    mapping: { ...opened.mapping },
    unmapped: [...opened.unmapped],
    rows: table.rows.length,
    counts: countsOf(rows, errors),
    preview: rows.slice(0, 200),
    errors: errors.toSorted((a, b) => a.line - b.line).slice(0, 200),
    units: [...(more.units ?? [])],
    at: writes(opened, rows) ? new Date(more.at).toISOString() : null,
  };
}

function countsOf(rows: readonly ImportRow[], errors: readonly RowError[]): ImportAnswer["counts"] {
  const of = (outcome: ImportRow["outcome"]): number => rows.filter((row) => row.outcome === outcome).length;
  const refused = new Set(errors.map(({ line }) => line)).size;
  return { added: of("added"), changed: of("changed"), unchanged: of("unchanged"), offered: of("offered"), refused };
}
