import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectCode, outcome } from "../testing/expect-code.ts";
import { type Vector, bytesOf, loadVectors, textOf } from "../testing/load-vectors.ts";
import { runs } from "../testing/property-runs.ts";
import { canonicalBytes, canonicalJson } from "./canonical-json.ts";
import { parseStrictJson } from "./strict-json.ts";

/** The double with these 64 bits, or the parsed input text. */
function valueOf(vector: Vector): unknown {
  if (vector.fields["ieee754"] === undefined) return parseStrictJson(textOf(vector, "input"));
  return new DataView(Uint8Array.from(bytesOf(vector, "ieee754")).buffer).getFloat64(0);
}

describe("canonical JSON", () => {
  it.each(loadVectors("json-canonical"))("$name", (vector) => {
    // The upstream file values.json holds 1e30: a double, and no business of the strict parser.
    const value: unknown = vector.name === "upstream-values" ? JSON.parse(textOf(vector, "input")) : valueOf(vector);
    const options = { integersOnly: vector.fields["integersOnly"] === true };
    expectCode(() => canonicalJson(value, options), textOf(vector, "expect"));
    if (vector.fields["expect"] === "ok") expect(canonicalJson(value, options)).toBe(textOf(vector, "canonical"));
  });

  const refused: [string, unknown, string][] = [
    ["undefined", undefined, "json-type-unsupported"],
    ["an undefined member", { a: undefined }, "json-type-unsupported"],
    ["a hole", Array(1), "json-type-unsupported"],
    ["a function", () => 1, "json-type-unsupported"],
    ["a symbol", Symbol("a"), "json-type-unsupported"],
    ["a symbol key", { [Symbol("a")]: 1 }, "json-type-unsupported"],
    ["a bigint", 1n, "json-type-unsupported"],
    ["a date", new Date(0), "json-type-unsupported"],
    ["a map", new Map(), "json-type-unsupported"],
    ["bytes", new Uint8Array(1), "json-type-unsupported"],
    ["a boxed number", Object(1), "json-type-unsupported"],
    ["half a surrogate pair", "\ud800", "json-lone-surrogate"],
    ["half a surrogate pair as a key", { "\udc00": 1 }, "json-lone-surrogate"],
    ["not a number", [Number.NaN], "json-number-not-finite"],
  ];
  it.each(refused)("refuses %s", (_, value, code) => {
    expectCode(() => canonicalJson(value), code);
  });

  it("refuses a value that refers to itself", () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expectCode(() => canonicalJson(loop), "json-too-deep");
  });

  it("accepts objects without a prototype and gives UTF-8", () => {
    expect(canonicalBytes(Object.assign(Object.create(null), { é: 1 }))).toEqual(new TextEncoder().encode('{"é":1}'));
  });
});

describe("strict JSON", () => {
  it.each(loadVectors("json-strict"))("$name", (vector) => {
    const isBytes = vector.fields["bytes"] !== undefined;
    const text = isBytes ? bytesOf(vector, "bytes") : textOf(vector, "text");
    const options = { integersOnly: vector.fields["integersOnly"] === true };
    const code = textOf(vector, "expect");
    expectCode(() => parseStrictJson(text, options), code);
    if (typeof text === "string") expectCode(() => parseStrictJson(new TextEncoder().encode(text), options), code);
    if (vector.fields["value"] !== undefined) expect(parseStrictJson(text)).toEqual(vector.fields["value"]);
  });

  it('keeps "__proto__" as data', () => {
    const value = parseStrictJson('{"__proto__":{"admin":true}}');
    expect(Object.keys(Object(value))).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("agrees with JSON.parse on what both accept, and canonical text is a fixed point", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        const code = outcome(() => parseStrictJson(text));
        if (code !== "ok") {
          expect(["json-number-unsafe", "json-lone-surrogate"]).toContain(code);
          return;
        }
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
        const canonical = canonicalJson(parseStrictJson(text));
        expect(canonicalJson(parseStrictJson(canonical))).toBe(canonical);
      }),
      runs(300),
    );
  });

  it("refuses every cut of a document", () => {
    const text = '{"a":[1,-2.5e1,"x\\n\\u00e9"],"b":{"c":true,"d":null}}';
    for (let length = 0; length < text.length; length++)
      expectCode(() => parseStrictJson(text.slice(0, length)), "json-malformed");
  });

  it("never accepts what JSON.parse refuses", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\u0019.eE+-truefalsn \n')) }), (text) => {
        if (outcome(() => parseStrictJson(text)) === "ok") expect(() => JSON.parse(text)).not.toThrow();
      }),
      runs(500),
    );
  });
});
