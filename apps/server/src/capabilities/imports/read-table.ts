import { MOST_IMPORT_BYTES, MOST_IMPORT_ROWS, Problem, type TableEncoding } from "@sworn/contract";
import { CsvError, parse } from "csv-parse/sync";
import { decode } from "./decode.ts";

const MOST_COLUMNS = 100;
/** A record longer than this is a quotation mark that was never closed. */
const LONGEST_RECORD = 40_000;
const delimiters = [",", ";", "\t", "|"] as const;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly encoding: TableEncoding;
  readonly encodingSure: boolean;
  readonly delimiter: string;
}

/** A table in CSV (RFC 4180, and what spreadsheets make of it), its first line the headings. `table-unreadable`. */
export function readTable(
  content: string,
  told: { readonly encoding?: TableEncoding | undefined; readonly delimiter?: string | undefined } = {},
): Table {
  const bytes = Buffer.from(content, "base64");
  if (bytes.length > MOST_IMPORT_BYTES)
    throw new Problem(
      "body-too-large",
      "The file has more than 700 kB. Split it: what is known already changes nothing.",
    );
  const { text, encoding, sure } = decode(bytes, told.encoding);
  const delimiter = told.delimiter ?? guessDelimiter(text);
  const [head, ...rows] = readRecords(text, delimiter);
  if (head === undefined) throw new Problem("table-unreadable", "The file holds no line.");
  if (rows.length > MOST_IMPORT_ROWS)
    throw new Problem("table-unreadable", "The file has more than 5,000 rows. Split it and bring in the parts.");
  if (head.cells.length > MOST_COLUMNS) throw new Problem("table-unreadable", "The file has more than 100 columns.");
  return { columns: nameColumns(head.cells), rows, encoding, encodingSure: sure, delimiter };
}

function readRecords(text: string, delimiter: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  try {
    parse(text, {
      delimiter,
      bom: true,
      relaxColumnCount: true,
      // A name such as O"Neil in the middle of a cell is a letter, and no reason to lose the file.
      relaxQuotes: true,
      skipEmptyLines: true,
      skipRecordsWithEmptyValues: true,
      maxRecordSize: LONGEST_RECORD,
      to: MOST_IMPORT_ROWS + 2,
      onRecord: (cells: string[], { lines }: { lines: number }) => {
        // `lines` counts to the record's end; a cell with line breaks in it began above.
        const broken = cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
        rows.push({ line: lines - broken, cells: cells.map((cell) => cell.trim()) });
        return null;
      },
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = "lines" in cause && typeof cause["lines"] === "number" ? ` near line ${cause["lines"]}` : "";
    throw new Problem("table-unreadable", `A quotation mark${line} is not closed, or a line has no end.`, { cause });
  }
  return rows;
}

/** The sign that stands most often in the headings, outside of quotation marks. */
function guessDelimiter(text: string): string {
  const head = (/^[^\r\n]*/u.exec(text)?.[0] ?? "").slice(0, LONGEST_RECORD).replaceAll(/"[^"]*"/gu, "");
  const counts = delimiters.map((sign) => [sign, head.split(sign).length] as const);
  return counts.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ",";
}

/** Every column has a name of its own: it is chosen by it. */
function nameColumns(cells: readonly string[]): string[] {
  const names: string[] = [];
  for (const [at, cell] of cells.entries()) {
    const name = cell.slice(0, 180) || `Column ${at + 1}`;
    let free = name;
    for (let n = 2; names.includes(free); n += 1) free = `${name} (${n})`;
    names.push(free);
  }
  return names;
}
