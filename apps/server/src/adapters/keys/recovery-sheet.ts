import { createHash } from "node:crypto";
import { fromBase32, toBase32 } from "./base32.ts";
import { KeyRingError } from "./key-ring-error.ts";

export interface SheetFacts {
  /** The log's origin: it never changes, so the sheet carries it. */
  readonly origin: string;
  /** 32 bytes each. */
  readonly masterKey: Uint8Array;
  readonly logSeed: Uint8Array;
}

const TITLE = "SWORN RECOVERY SHEET, VERSION 1";
const LINE_BYTES = 10;
const LINES = 4;
const kinds = ["M", "L"] as const;
type Kind = (typeof kinds)[number];

/**
 * A page to print and lock away: both keys in four lines each. A line ends in two check characters over its own name
 * and content, so a slip of the pen is told by line; each key ends in 8 bytes of SHA-256 that bind it to the origin.
 */
export function writeSheet(facts: SheetFacts, about: { madeAt: Date; masterKeyId: string; logVkey: string }): string {
  return `${TITLE}

Origin        ${facts.origin}
Made          ${about.madeAt.toISOString()}
Master key id ${about.masterKeyId}
Log key       ${about.logVkey}

Master key
${linesOf("M", facts.masterKey, facts.origin)}

Log signing key
${linesOf("L", facts.logSeed, facts.origin)}

Without the master key no stored evidence can be opened, by anyone, for ever.
Without the log key the log cannot go on under its name.
Whoever holds this page can read the evidence and sign in the log's name: print it,
seal it, lock it away apart from the server, and do not photograph it or keep the file.
To restore, type this page into a file and, on an empty data home, run
sworn admin restore-keys --sheet FILE; then put the database and the objects back.
`;
}

/**
 * The keys on a sheet, whatever the spacing, dashes and case they were typed with.
 * `sheet-malformed`, `sheet-line` (which line), `sheet-checksum`.
 */
export function readSheet(text: string): SheetFacts {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (!lines.includes(TITLE)) throw new KeyRingError("sheet-malformed", `The text does not hold "${TITLE}".`);
  const origin = /^Origin\s+(\S+)$/m.exec(lines.join("\n"))?.[1];
  if (origin === undefined) throw new KeyRingError("sheet-malformed", "The line with the origin is missing.");
  return { origin, masterKey: keyFrom("M", lines, origin), logSeed: keyFrom("L", lines, origin) };
}

function linesOf(kind: Kind, key: Uint8Array, origin: string): string {
  const whole = Buffer.concat([key, keyCheck(kind, key, origin)]);
  const lines: string[] = [];
  for (let n = 0; n < LINES; n++) {
    const part = whole.subarray(n * LINE_BYTES, (n + 1) * LINE_BYTES);
    const groups = toBase32(part).match(/.{4}/g) ?? [];
    lines.push(`${kind}${n + 1}  ${groups.join(" ")}  ${lineCheck(kind, n, part)}`);
  }
  return lines.join("\n");
}

function keyFrom(kind: Kind, lines: readonly string[], origin: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let n = 0; n < LINES; n++) {
    const name = `${kind}${n + 1}`;
    const typed = lines.filter((line) => new RegExp(`^${name}[\\s:]`, "i").test(line));
    const [line] = typed;
    if (line === undefined || typed.length > 1)
      throw new KeyRingError("sheet-malformed", `Line ${name} is ${line === undefined ? "missing" : "there twice"}.`);
    const characters = line.slice(name.length).replaceAll(/[\s:-]/g, "");
    const part = fromBase32(characters.slice(0, 16));
    const check = fromBase32(characters.slice(16)) === null ? "" : normalize(characters.slice(16));
    if (characters.length !== 18 || part === null || check !== lineCheck(kind, n, part))
      throw new KeyRingError("sheet-line", `Line ${name} was mistyped. Compare it with the sheet once more.`);
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  const key = new Uint8Array(whole.subarray(0, 32));
  if (!keyCheck(kind, key, origin).equals(whole.subarray(32)))
    throw new KeyRingError(
      "sheet-checksum",
      "The lines are well typed but do not belong together, or not to this origin.",
    );
  return key;
}

const normalize = (text: string): string => text.toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");

/** Ten bits as two characters; the name of the line is hashed too, so that swapped lines are seen. */
function lineCheck(kind: Kind, n: number, part: Uint8Array): string {
  const hash = createHash("sha256")
    .update(`sworn-sheet-line/v1 ${kind}${n + 1}\n`)
    .update(part)
    .digest();
  return toBase32(hash.subarray(0, 2)).slice(0, 2);
}

function keyCheck(kind: Kind, key: Uint8Array, origin: string): Buffer {
  return createHash("sha256").update(`sworn-sheet-key/v1 ${kind} ${origin}\n`).update(key).digest().subarray(0, 8);
}
