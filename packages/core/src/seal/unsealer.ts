import { CoreError } from "../error.ts";
import { type OpenOptions, type Opener, createOpener } from "./opener.ts";
import { pureSealCrypto } from "./seal-crypto.ts";
import {
  SEALED_CHUNK_LENGTH,
  SEAL_HEADER_LENGTH,
  SEAL_TAG_LENGTH,
  sealedLength,
  unsealedLength,
} from "./seal-format.ts";

export type Unsealer = {
  /** Plaintext of the chunks that are complete. It is authentic, but only `final` tells whether it is everything. */
  update(sealed: Uint8Array): Uint8Array[];
  /** The last plaintext; throws `seal-truncated` when the object does not end with a short chunk. */
  final(): Uint8Array[];
};

/** Decrypts a stream sealed by `createSealer`. Codes as in `createOpener`, and `seal-truncated`, `seal-extended`, `seal-finished`. */
export function createUnsealer(options: OpenOptions): Unsealer {
  const pending = new Uint8Array(SEALED_CHUNK_LENGTH);
  const header = new Uint8Array(SEAL_HEADER_LENGTH);
  const expected = options.length === undefined ? Number.POSITIVE_INFINITY : sealedLength(options.length);
  let opener: Opener | undefined;
  let filled = 0;
  let index = 0;
  let seen = 0;
  let finished = false;

  function openWhole(opened: Opener, sealed: Uint8Array): Uint8Array {
    const plain = opened.openChunks(index, sealed);
    index += sealed.length / SEALED_CHUNK_LENGTH;
    return plain;
  }

  function update(sealed: Uint8Array): Uint8Array[] {
    if (finished) throw new CoreError("seal-finished", "the object is opened");
    const out: Uint8Array[] = [];
    let at = 0;
    if (opener === undefined) {
      at = Math.min(sealed.length, SEAL_HEADER_LENGTH - seen);
      header.set(sealed.subarray(0, at), seen);
      seen += at;
      if (seen < SEAL_HEADER_LENGTH) return out;
      opener = createOpener(header, options);
    }
    seen += sealed.length - at;
    if (seen > expected) throw new CoreError("seal-extended", `the object goes on beyond ${expected} bytes`);
    if (filled > 0) {
      const piece = sealed.subarray(at, at + SEALED_CHUNK_LENGTH - filled);
      pending.set(piece, filled);
      filled += piece.length;
      at += piece.length;
      if (filled < SEALED_CHUNK_LENGTH) return out;
      filled = 0;
      out.push(openWhole(opener, pending));
    }
    // Whole chunks can be opened at once: the last chunk is never a whole one.
    const whole = Math.floor((sealed.length - at) / SEALED_CHUNK_LENGTH) * SEALED_CHUNK_LENGTH;
    if (whole > 0) out.push(openWhole(opener, sealed.subarray(at, at + whole)));
    at += whole;
    pending.set(sealed.subarray(at), 0);
    filled = sealed.length - at;
    return out;
  }

  function final(): Uint8Array[] {
    if (finished) throw new CoreError("seal-finished", "the object is opened");
    finished = true;
    if (opener === undefined) throw new CoreError("seal-truncated", "the object ends inside its header");
    if (filled < SEAL_TAG_LENGTH) throw new CoreError("seal-truncated", "the object ends without its last chunk");
    if (Number.isFinite(expected) && seen < expected)
      throw new CoreError("seal-truncated", `${seen} of ${expected} bytes`);
    return [opener.openChunks(index, pending.subarray(0, filled))];
  }

  return { update, final };
}

/** Decrypts an object that is all at hand. Codes as in `createOpener`, and `seal-truncated`, `seal-extended`. */
export function unseal(sealed: Uint8Array, options: OpenOptions): Uint8Array {
  if (sealed.length < SEAL_HEADER_LENGTH) throw new CoreError("seal-truncated", "the object ends inside its header");
  if (options.length !== undefined && sealed.length !== sealedLength(options.length)) {
    const code = sealed.length < sealedLength(options.length) ? "seal-truncated" : "seal-extended";
    throw new CoreError(code, `${sealed.length} bytes instead of ${sealedLength(options.length)}`);
  }
  const opener = createOpener(sealed.subarray(0, SEAL_HEADER_LENGTH), options);
  unsealedLength(sealed.length);
  const plain = opener.openChunks(0, sealed.subarray(SEAL_HEADER_LENGTH));
  return plain.length === 0 ? (options.crypto ?? pureSealCrypto).allocate(0) : plain;
}
