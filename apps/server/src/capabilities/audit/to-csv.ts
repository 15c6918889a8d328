import type { AuditLine } from "@sworn/contract";
import { csvCell } from "@sworn/core";

/** More lines than this are not written; the last line says so. */
export const MOST_LINES = 250_000;

const columns: readonly (readonly [string, (line: AuditLine) => string | number | null | undefined])[] = [
  ["time (UTC)", (line) => line.at],
  ["what", (line) => (line.sealed ? "sealed" : line.did)],
  ["kind", (line) => line.kind],
  ["who", (line) => line.actor?.name],
  ["who (id)", (line) => line.actor?.id],
  ["subject", (line) => line.subject?.kind],
  ["title then", (line) => line.subject?.title],
  ["title from", (line) => line.subject?.titleFrom],
  ["subject (id)", (line) => line.subject?.id],
  ["sentence", (line) => line.sentence],
  ["reason", (line) => line.reason],
  ["log index", (line) => line.index],
  ["commitment", (line) => line.commitment],
];

/** RFC 4180, in UTF-8 with its mark, so that spreadsheets read names right. */
export const csvHeading = `\u{feff}${columns.map(([name]) => csvCell(name)).join(",")}\r\n`;

export function toCsv(lines: readonly AuditLine[]): string {
  return lines.map((line) => `${columns.map(([, of]) => csvCell(of(line))).join(",")}\r\n`).join("");
}
