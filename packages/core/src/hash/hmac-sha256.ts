import { type Sha256, pureSha256 } from "./sha256.ts";

const BLOCK = 64;

/** HMAC-SHA-256 (RFC 2104) over the injected hash, so that Node and browsers share one implementation. */
export function hmacSha256(key: Uint8Array, message: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  const short = key.length > BLOCK ? sha256(key) : key;
  const inner = new Uint8Array(BLOCK).fill(0x36);
  const outer = new Uint8Array(BLOCK).fill(0x5c);
  for (const [i, byte] of short.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return sha256(outer, sha256(inner, message));
}
