import { z } from "zod";
import { Instant } from "./evidence.ts";

const short = (most: number): z.ZodString =>
  z
    .string()
    .max(most)
    .regex(/^[^\0]*$/u);

/** What can be brought in as a table. */
export const ImportKind = z.enum(["calls", "shifts", "people"]);
export type ImportKind = z.infer<typeof ImportKind>;

/** What each kind of table may say; those with true must have a column. */
export const importFields = {
  calls: { number: true, from: true, to: true, badges: false, kind: false, place: false, lat: false, lon: false },
  shifts: { badge: true, device: true, from: true, to: false },
  people: { email: true, name: true, roles: true, badge: false, unit: false },
} as const satisfies Record<ImportKind, Record<string, boolean>>;
export type ImportField = { [K in ImportKind]: keyof (typeof importFields)[K] }[ImportKind];

/** How the bytes of a table can be written. */
export const TableEncoding = z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1252"]);
export type TableEncoding = z.infer<typeof TableEncoding>;
/** In which order 03/04/2026 is written. */
export const DateOrder = z.enum(["mdy", "dmy"]);
export type DateOrder = z.infer<typeof DateOrder>;

export const MOST_IMPORT_ROWS = 5000;
export const MOST_IMPORT_BYTES = 700_000;

/** A table in CSV, and how to read it. What is left out is as last time, or guessed; the answer says what was taken. */
export const ImportTable = z.object({
  /** What the file is called. */
  name: short(200).trim().min(1).default("table.csv"),
  /** The file's bytes, in base64. */
  content: z
    .base64()
    .min(4)
    .max(Math.ceil(MOST_IMPORT_BYTES / 3) * 4),
  encoding: TableEncoding.optional(),
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  /** Field → the column's heading; an empty heading: no column. */
  mapping: z.record(short(40), short(200)).optional(),
  /** Zone of times that say none; the agency's where left out. */
  zone: short(60).optional(),
  dateOrder: DateOrder.optional(),
  /** Says what would happen and writes nothing. */
  dryRun: z.boolean().default(false),
});
export type ImportTable = z.input<typeof ImportTable>;
/** People come in only as far as somebody ticked. */
export const ImportPeople = ImportTable.extend({
  /** E-mails of people here whose changes are wanted. */
  change: z.array(short(254)).max(MOST_IMPORT_ROWS).default([]),
  /** Units that are not there are made, under the path's upper ones. */
  makeUnits: z.boolean().default(false),
});
export type ImportPeople = z.input<typeof ImportPeople>;

/** Why a row, or a part of it, was not taken. Closed: screens say each in their language. */
export const RowFault = z.enum([
  "missing",
  "too-long",
  "characters",
  "columns", // more or fewer cells than the heading
  "time-unreadable",
  "time-ambiguous", // the clocks went back: it was this time twice
  "time-absent", // the clocks went forward: it was never this time
  "zone-unknown",
  "reversed",
  "twice", // another row of the file says it, too
  "coordinate",
  "badges",
  "badge-unknown",
  "device-unknown",
  "overlap",
  "too-old",
  "email",
  "badge-taken",
  "role-unknown",
  "roles-apart",
  "role-beyond", // the importer may not give it
  "unit-unknown",
  "invited",
  "last-admin",
  "refused",
]);
export type RowFault = z.infer<typeof RowFault>;

export const RowError = z.object({
  /** Line of the file, from 1. */
  line: z.int(),
  field: z.string().nullable(),
  fault: RowFault,
  /** What stood there, cut short. */
  value: z.string(),
});
export type RowError = z.infer<typeof RowError>;

/** What one row does. `offered`: only with a tick. */
export const RowOutcome = z.enum(["added", "changed", "unchanged", "offered"]);
export type RowOutcome = z.infer<typeof RowOutcome>;
export const ImportRow = z.object({
  line: z.int(),
  /** The call's number, the camera, the e-mail. */
  label: z.string(),
  outcome: RowOutcome,
  /** As read: times in UTC. */
  says: z.array(z.object({ field: z.string(), value: z.string() })),
  changes: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
});
export type ImportRow = z.infer<typeof ImportRow>;

export const ImportAnswer = z.object({
  dryRun: z.boolean(),
  encoding: TableEncoding,
  /** False: the bytes did not say; this is what they look like. */
  encodingSure: z.boolean(),
  delimiter: z.string(),
  zone: z.string(),
  dateOrder: DateOrder,
  columns: z.array(z.string()),
  mapping: z.record(z.string(), z.string()),
  /** Fields that need a column and have none: nothing can be read before they do. */
  unmapped: z.array(z.string()),
  rows: z.int(),
  counts: z.object({ added: z.int(), changed: z.int(), unchanged: z.int(), offered: z.int(), refused: z.int() }),
  /** The first 200 of each. */
  preview: z.array(ImportRow),
  errors: z.array(RowError),
  /** Paths of units that are not there. */
  units: z.array(z.string()),
  /** When it was written; null: nothing was. */
  at: Instant.nullable(),
});
export type ImportAnswer = z.infer<typeof ImportAnswer>;
