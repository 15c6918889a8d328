import { CoreError } from "../error.ts";

const encoder = new TextEncoder();

/** UTF-8 bytes of a string; refuses lone surrogates, which TextEncoder would silently replace. */
export function toUtf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new CoreError("utf8-malformed", "the text holds a lone surrogate");
  return encoder.encode(text);
}

/** Strict UTF-8 decoding: malformed input is refused and a byte order mark is kept, so bytes round-trip. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CoreError("utf8-malformed", "the bytes are not UTF-8");
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** Compares every byte whatever the first difference: some callers compare secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) out += byte.toString(16).padStart(2, "0");
  return out;
}

/** Lower-case hexadecimal only: one spelling per value, so that texts can be compared. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new CoreError("hex-malformed", "expected lower-case hexadecimal");
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** Standard padded Base64 (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Standard padded Base64; refuses spaces, missing padding and stray trailing bits (RFC 4648 section 3.5). */
export function fromBase64(text: string): Uint8Array {
  const shape = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (!shape.test(text)) throw new CoreError("base64-malformed", "expected padded standard Base64");
  const binary = atob(text);
  if (btoa(binary) !== text) throw new CoreError("base64-malformed", "the Base64 has stray trailing bits");
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
