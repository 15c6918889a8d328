import { fromUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import type { JsonValue } from "./json-value.ts";

export type StrictJsonOptions = {
  /** Nesting limit. Default 64. */
  maxDepth?: number;
  /** Refuses fractions and exponents too, as custody events require. */
  integersOnly?: boolean;
};

/**
 * Parses JSON (RFC 8259) from untrusted hands. Unlike JSON.parse it refuses `json-duplicate-key` (the last would win
 * silently), `json-number-unsafe` (|n| >= 2^53 changes value), `json-lone-surrogate` and `json-too-deep`; anything else
 * that is not JSON is `json-malformed`, bytes that are not UTF-8 are `utf8-malformed`.
 */
export function parseStrictJson(text: string | Uint8Array, options: StrictJsonOptions = {}): JsonValue {
  const parser = new Parser(typeof text === "string" ? text : fromUtf8(text), options.integersOnly ?? false);
  return parser.document(options.maxDepth ?? 64);
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;

class Parser {
  readonly #text: string;
  readonly #integersOnly: boolean;
  #at = 0;

  constructor(text: string, integersOnly: boolean) {
    this.#text = text;
    this.#integersOnly = integersOnly;
  }

  document(depth: number): JsonValue {
    const value = this.#value(depth);
    this.#match(SPACE);
    if (this.#at !== this.#text.length) throw this.#malformed("something follows the value");
    return value;
  }

  #value(depth: number): JsonValue {
    this.#match(SPACE);
    const char = this.#text[this.#at];
    if (char === "{" || char === "[") {
      if (depth === 0) throw new CoreError("json-too-deep", `nested too deeply at ${this.#at}`);
      return char === "{" ? this.#object(depth - 1) : this.#array(depth - 1);
    }
    if (char === '"') return this.#string();
    for (const [word, value] of [
      ["null", null],
      ["true", true],
      ["false", false],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number): JsonValue {
    const members = new Map<string, JsonValue>();
    this.#sequence("}", () => {
      const at = this.#at;
      const key = this.#string();
      if (members.has(key)) throw new CoreError("json-duplicate-key", `the key at ${at} is there already`);
      this.#match(SPACE);
      if (!this.#take(":")) throw this.#malformed('expected ":"');
      members.set(key, this.#value(depth));
    });
    // fromEntries defines own properties, so a "__proto__" key stays data.
    return Object.fromEntries(members);
  }

  #array(depth: number): JsonValue {
    const items: JsonValue[] = [];
    this.#sequence("]", () => items.push(this.#value(depth)));
    return items;
  }

  #sequence(close: string, item: () => void): void {
    this.#at += 1;
    this.#match(SPACE);
    if (this.#take(close)) return;
    do {
      this.#match(SPACE);
      item();
      this.#match(SPACE);
    } while (this.#take(","));
    if (!this.#take(close)) throw this.#malformed(`expected "," or "${close}"`);
  }

  #string(): string {
    const start = this.#at;
    if (!this.#take('"')) throw this.#malformed("expected a string");
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1;
    }
    if (!this.#take('"')) throw this.#malformed("a string does not end");
    const value = parseLiteral(this.#text.slice(start, this.#at));
    if (typeof value !== "string") throw this.#malformed("expected a string");
    if (!value.isWellFormed()) throw new CoreError("json-lone-surrogate", `lone surrogate before ${this.#at}`);
    return value;
  }

  #number(): number {
    const match = this.#match(NUMBER);
    if (match === null) throw this.#malformed("expected a value");
    const value = Number(match[0]);
    if (this.#integersOnly && (match[1] !== undefined || match[2] !== undefined)) {
      throw new CoreError("json-number-not-integer", `not a plain integer before ${this.#at}`);
    }
    const negativeZero = this.#integersOnly && Object.is(value, -0);
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER || negativeZero) {
      throw new CoreError("json-number-unsafe", `a number before ${this.#at} does not survive every reader`);
    }
    return value;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #malformed(message: string): CoreError {
    return new CoreError("json-malformed", `${message} at ${this.#at}`);
  }
}

/** One string literal: the built-in parser knows its escapes, and no key can be repeated inside it. */
function parseLiteral(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    throw new CoreError("json-malformed", "a string literal is malformed");
  }
}
