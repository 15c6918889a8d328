import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64, fromHex, fromUtf8, toBase64, toHex, toUtf8 } from "./bytes/encode-bytes.ts";
import { hmacSha256 } from "./hash/hmac-sha256.ts";
import { pureSha256 } from "./hash/sha256.ts";
import { WRAPPED_KEY_LENGTH, nodeSha256, unwrapKey, wrapKey } from "./node.ts";
import { expectCode } from "./testing/expect-code.ts";
import { runs } from "./testing/property-runs.ts";

describe("hashing", () => {
  it("agrees between plain JavaScript and OpenSSL, however the input is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (parts) => {
        expect(nodeSha256(...parts)).toEqual(pureSha256(...parts));
      }),
      runs(200),
    );
  });

  it("gives the HMAC of RFC 2104, also for long keys", () => {
    for (const length of [0, 1, 32, 64, 65, 200]) {
      const key = new Uint8Array(length).fill(7);
      const expected = createHmac("sha256", key).update("message").digest("hex");
      expect(toHex(hmacSha256(key, toUtf8("message")))).toBe(expected);
    }
  });
});

describe("encodings", () => {
  it("have one spelling", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes));
        expect(fromHex(toHex(bytes))).toEqual(new Uint8Array(bytes));
      }),
      runs(100),
    );
    for (const text of ["A", "AA", "AAA", "AB==", "AAB=", "AA=A", " AAA=", "AAA=\n", "__8="])
      expectCode(() => fromBase64(text), "base64-malformed");
    for (const text of ["a", "AB", "zz", "0x00"]) expectCode(() => fromHex(text), "hex-malformed");
    expectCode(() => toUtf8("\udc00"), "utf8-malformed");
    expectCode(() => fromUtf8(Uint8Array.of(0xc0, 0x80)), "utf8-malformed");
    expect(fromUtf8(toUtf8("\ufeffa"))).toBe("\ufeffa");
  });
});

describe("key wrapping", () => {
  const key = new Uint8Array(32).fill(1);
  const options = { wrappingKey: new Uint8Array(32).fill(2), context: toUtf8("evidence ev-1") };

  it("gives the key back, and never the same bytes twice", () => {
    const wrapped = wrapKey(key, options);
    expect(wrapped).toHaveLength(WRAPPED_KEY_LENGTH);
    expect(unwrapKey(wrapped, options)).toEqual(key);
    expect(wrapKey(key, options)).not.toEqual(wrapped);
  });

  it("refuses another key, another context, any flipped bit and any other length", () => {
    const wrapped = wrapKey(key, options);
    expectCode(() => unwrapKey(wrapped, { ...options, wrappingKey: key }), "wrap-refused");
    expectCode(() => unwrapKey(wrapped, { ...options, context: toUtf8("evidence ev-2") }), "wrap-refused");
    for (let bit = 0; bit < wrapped.length * 8; bit++) {
      const altered = wrapped.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expectCode(() => unwrapKey(altered, options), "wrap-refused");
    }
    for (let length = 0; length < wrapped.length; length++)
      expectCode(() => unwrapKey(wrapped.subarray(0, length), options), "wrap-malformed");
    expectCode(() => wrapKey(new Uint8Array(31), options), "seal-key-length");
    expectCode(() => wrapKey(key, { ...options, wrappingKey: new Uint8Array(16) }), "seal-key-length");
    expectCode(() => unwrapKey(wrapped, { ...options, wrappingKey: new Uint8Array(16) }), "seal-key-length");
  });
});
