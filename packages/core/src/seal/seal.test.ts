import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, toHex } from "../bytes/encode-bytes.ts";
import { nodeSealCrypto } from "../node.ts";
import { expectCode, outcome } from "../testing/expect-code.ts";
import { type Vector, bytesOf, loadVectors, numberOf, textOf } from "../testing/load-vectors.ts";
import { runs } from "../testing/property-runs.ts";
import { createOpener } from "./opener.ts";
import { pureSealCrypto } from "./seal-crypto.ts";
import {
  SEALED_CHUNK_LENGTH,
  SEAL_HEADER_LENGTH,
  sealChunkCount,
  sealedLength,
  sealedRange,
  unsealedLength,
} from "./seal-format.ts";
import { createSealer, seal } from "./sealer.ts";
import { createUnsealer, unseal } from "./unsealer.ts";

const crypto = nodeSealCrypto;
const SEALING_KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const SEALING_CONTEXT = new TextEncoder().encode('["sworn-span/v1","ev-1","span-1"]');

/** The plaintext that every seal vector is made of. */
const plain = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + 7 + (i >> 8)) & 255);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const vectors = loadVectors("seal");
const valid = vectors.filter((vector) => textOf(vector, "expect") === "ok");
const refused = vectors.filter((vector) => textOf(vector, "expect") !== "ok");

function feed(
  stream: { update(bytes: Uint8Array): Uint8Array[]; final(): Uint8Array[] },
  bytes: Uint8Array,
  step: number,
): Uint8Array {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(...stream.update(bytes.subarray(at, at + step)));
  return concatBytes(...out, ...stream.final());
}

describe("valid vectors", () => {
  it.each(valid)("$name", (vector) => {
    const length = numberOf(vector, "length");
    const options = { key: bytesOf(vector, "key"), salt: bytesOf(vector, "salt"), context: bytesOf(vector, "context") };
    const sealed = seal(plain(length), { ...options, crypto });
    expect(sealed.length).toBe(numberOf(vector, "sealedLength"));
    expect(toHex(sealed.subarray(24, 56))).toBe(textOf(vector, "commitment"));
    expect(sha256(sealed)).toBe(textOf(vector, "sealedSha256"));
    expect(sha256(seal(plain(length), { ...options, crypto: pureSealCrypto }))).toBe(sha256(sealed));
    expect(unseal(sealed, { ...options, crypto, length })).toEqual(plain(length));
    expect(unseal(sealed, { ...options, crypto: pureSealCrypto })).toEqual(plain(length));
    for (const step of [1, 7, 16_384, 16_400, 20_000]) {
      expect(sha256(feed(createSealer({ ...options, crypto }), plain(length), step))).toBe(sha256(sealed));
      expect(feed(createUnsealer({ ...options, crypto }), sealed, step)).toEqual(plain(length));
      expect(feed(createUnsealer({ ...options, crypto, length }), sealed, step)).toEqual(plain(length));
    }
  });
});

type Edit = {
  op: string;
  at: number;
  bit: number;
  to: number;
  hex: string;
  a: number;
  b: number;
  from: number;
  index: number;
};

/** Builds the damaged object that a vector describes: a valid one, then its edits. */
function damage(vector: Vector): Uint8Array {
  const length = numberOf(vector, "length");
  const make = (salt: string): Uint8Array =>
    seal(plain(length), { key: SEALING_KEY, context: SEALING_CONTEXT, salt: bytesOf(vector, salt), crypto });
  let object = make("baseSalt");
  const edits = vector.fields["edits"];
  if (!Array.isArray(edits)) throw new Error("no edits");
  for (const raw of edits as Edit[]) object = apply(object, raw, () => make("otherSalt"));
  return object;
}

function apply(object: Uint8Array, edit: Edit, other: () => Uint8Array): Uint8Array {
  const chunk = (k: number): number => SEAL_HEADER_LENGTH + k * SEALED_CHUNK_LENGTH;
  const copy = (from: Uint8Array, k: number): Uint8Array => from.slice(chunk(k), chunk(k + 1));
  switch (edit.op) {
    case "flip":
      return object.map((byte, i) => (i === edit.at ? byte ^ (1 << edit.bit) : byte));
    case "cut":
      return object.slice(0, edit.to);
    case "append":
      return concatBytes(object, Buffer.from(edit.hex, "hex"));
    case "swap": {
      const [a, b] = [copy(object, edit.a), copy(object, edit.b)];
      object.set(b, chunk(edit.a));
      object.set(a, chunk(edit.b));
      return object;
    }
    case "copy-chunk":
      object.set(copy(object, edit.from), chunk(edit.to));
      return object;
    case "remove-chunk":
      return concatBytes(object.subarray(0, chunk(edit.index)), object.subarray(chunk(edit.index + 1)));
    case "foreign-chunk":
      object.set(copy(other(), edit.index), chunk(edit.index));
      return object;
    case "foreign-header":
      // Same key and context, so the commitment of the foreign header holds: only the chunks tell.
      object.set(other().subarray(0, SEAL_HEADER_LENGTH));
      return object;
    default:
      throw new Error(`unknown edit ${edit.op}`);
  }
}

describe("refused vectors", () => {
  it.each(refused)("$name", (vector) => {
    const options = { key: bytesOf(vector, "key"), context: bytesOf(vector, "context"), crypto };
    const length = numberOf(vector, "length");
    const object = damage(vector);
    const code = textOf(vector, "expect");
    const codeWithLength = textOf(vector, "expectWithLength");
    expectCode(() => unseal(object, options), code);
    expectCode(() => unseal(object, { ...options, crypto: pureSealCrypto }), code);
    expectCode(() => unseal(object, { ...options, length }), codeWithLength);
    // A stream learns that bytes are missing only at its end: it may refuse a chunk first, but it never accepts.
    for (const step of [1, 16_400, object.length + 1]) {
      expectCode(() => feed(createUnsealer(options), object, step), code);
      expect(outcome(() => feed(createUnsealer({ ...options, length }), object, step))).not.toBe("ok");
    }
  });
});

describe("ranges", () => {
  const key = SEALING_KEY;
  const context = SEALING_CONTEXT;
  const salt = new Uint8Array(24).fill(9);

  it("open exactly the bytes asked for", () => {
    fc.assert(
      fc.property(fc.nat(50_000), fc.nat(50_000), fc.nat(50_000), (length, x, y) => {
        const [start, end] = [Math.min(x, y) % (length + 1), Math.max(x, y) % (length + 1)].toSorted((a, b) => a - b);
        if (start === undefined || end === undefined) return;
        const object = seal(plain(length), { key, context, salt, crypto });
        const opener = createOpener(object, { key, context, crypto, length });
        const { sealedStart, sealedEnd } = sealedRange(start, end, length);
        expect(sealedEnd).toBeLessThanOrEqual(object.length);
        expect(opener.openRange(start, end, object.subarray(sealedStart, sealedEnd))).toEqual(
          plain(length).subarray(start, end),
        );
      }),
      runs(60),
    );
  });

  it("refuse other bytes", () => {
    const length = 40_000;
    const object = seal(plain(length), { key, context, salt, crypto });
    const opener = createOpener(object, { key, context, crypto, length });
    const first = object.slice(SEAL_HEADER_LENGTH, SEAL_HEADER_LENGTH + SEALED_CHUNK_LENGTH);
    expect(opener.openChunks(0, first)).toEqual(plain(16_384));
    expectCode(() => opener.openChunks(1, first), "seal-chunk-moved");
    expectCode(() => opener.openChunks(2, first), "seal-extended");
    expectCode(() => opener.openChunks(3, first), "seal-extended");
    expectCode(() => opener.openChunks(0, first.subarray(0, 100)), "seal-truncated");
    expectCode(() => opener.openChunks(0, first.subarray(0, 15)), "seal-chunk-length");
    expectCode(() => opener.openChunks(-1, first), "seal-range-invalid");
    expectCode(() => opener.openRange(0, 10, first.subarray(1)), "seal-truncated");
    expectCode(() => opener.openRange(0, 10, concatBytes(first, first)), "seal-extended");
    expectCode(() => opener.openRange(0, length + 1, first), "seal-range-invalid");
    expectCode(() => opener.openRange(10, 9, first), "seal-range-invalid");
    expectCode(() => createOpener(object, { key, context, crypto }).openRange(0, 1, first), "seal-range-invalid");
    expectCode(() => createOpener(object.subarray(0, 55), { key, context, crypto }), "seal-truncated");
  });
});

describe("lengths", () => {
  it("go back and forth", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 45 }), (length) => unsealedLength(sealedLength(length)) === length),
      runs(300),
    );
  });

  it("no object can have are refused", () => {
    for (const length of [0, 55, 56, 71, 56 + 16_400, 56 + 16_415])
      expectCode(() => unsealedLength(length), "seal-truncated");
    expectCode(() => unsealedLength(-1), "seal-range-invalid");
    expectCode(() => sealedLength(1.5), "seal-range-invalid");
    expectCode(() => sealChunkCount(2 ** 52), "seal-too-long");
    expect(sealChunkCount(2 ** 52 - 1)).toBe(2 ** 38);
  });
});

describe("misuse", () => {
  const options = { key: SEALING_KEY, context: SEALING_CONTEXT, salt: new Uint8Array(24), crypto };

  it("is refused", () => {
    expectCode(() => seal(plain(1), { ...options, key: new Uint8Array(31) }), "seal-key-length");
    expectCode(() => seal(plain(1), { ...options, salt: new Uint8Array(23) }), "seal-salt-length");
    const sealer = createSealer(options);
    sealer.final();
    expectCode(() => sealer.update(plain(1)), "seal-finished");
    expectCode(() => sealer.final(), "seal-finished");
    const unsealer = createUnsealer(options);
    expectCode(() => unsealer.final(), "seal-truncated");
    expectCode(() => unsealer.update(plain(1)), "seal-finished");
    expectCode(() => unsealer.final(), "seal-finished");
  });

  it("a buffer that the caller reuses does not change what was sealed", () => {
    const bytes = plain(30_000);
    const sealer = createSealer(options);
    const parts = sealer.update(bytes);
    bytes.fill(0);
    expect(unseal(concatBytes(...parts, ...sealer.final()), options)).toEqual(plain(30_000));
  });
});
