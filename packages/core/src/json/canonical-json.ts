import { toUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";

export type CanonicalOptions = {
  /** Custody events: only integers with |n| < 2^53, and no negative zero. */
  integersOnly?: boolean;
  /** Nesting limit, so that a hostile value cannot exhaust the stack. Default 64. */
  maxDepth?: number;
};

/**
 * Canonical text of a JSON value (RFC 8785, JCS). Refuses what JSON would drop or bend silently: `json-type-unsupported`
 * (undefined, functions, symbols, bigints, dates, holes), `json-lone-surrogate`, `json-number-not-finite`,
 * `json-number-not-integer` and `json-number-unsafe` (with `integersOnly`), `json-too-deep`.
 */
export function canonicalJson(value: unknown, options: CanonicalOptions = {}): string {
  return write(value, options.maxDepth ?? 64, options.integersOnly ?? false);
}

/** UTF-8 bytes of `canonicalJson`. */
export function canonicalBytes(value: unknown, options: CanonicalOptions = {}): Uint8Array {
  return toUtf8(canonicalJson(value, options));
}

function write(value: unknown, depthLeft: number, integersOnly: boolean): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      return writeNumber(value, integersOnly);
    case "string":
      return writeString(value);
    case "object":
      break;
    default:
      throw new CoreError("json-type-unsupported", `JSON has no ${typeof value}`);
  }
  if (depthLeft === 0) throw new CoreError("json-too-deep", "the value is nested too deeply or refers to itself");
  if (Array.isArray(value)) {
    // Array.from visits holes as undefined, which is refused; map would skip them.
    return `[${Array.from(value, (item: unknown) => write(item, depthLeft - 1, integersOnly)).join(",")}]`;
  }
  return writeObject(value, depthLeft, integersOnly);
}

function writeObject(value: object, depthLeft: number, integersOnly: boolean): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || prototype === Object.prototype;
  if (!plain || Object.getOwnPropertySymbols(value).length > 0) {
    throw new CoreError("json-type-unsupported", "only plain objects have a canonical form");
  }
  // Array.prototype.sort compares UTF-16 code units, which is the order RFC 8785 section 3.2.3 asks for.
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]: [string, unknown]) => `${writeString(key)}:${write(item, depthLeft - 1, integersOnly)}`);
  return `{${members.join(",")}}`;
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new CoreError("json-lone-surrogate", "a string holds a lone surrogate");
  // ECMAScript's own escaping is the one RFC 8785 section 3.2.2.2 prescribes.
  return JSON.stringify(text);
}

function writeNumber(number: number, integersOnly: boolean): string {
  if (!Number.isFinite(number)) throw new CoreError("json-number-not-finite", "JSON has no infinity and no NaN");
  if (integersOnly) {
    if (!Number.isInteger(number)) throw new CoreError("json-number-not-integer", `${number} is not an integer`);
    if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
      throw new CoreError("json-number-unsafe", `${number} does not survive every reader`);
    }
  }
  // ECMAScript's shortest round-trip form is the one RFC 8785 section 3.2.2.3 prescribes; -0 becomes 0.
  return JSON.stringify(number);
}
