import { createHash, randomBytes } from "node:crypto";
import type { Role } from "@sworn/contract";

/** A new secret and what may be kept of it. The prefix lets people tell keys apart without the secret. */
export interface NewToken {
  readonly token: string;
  readonly hash: Uint8Array;
  readonly prefix: string;
}

/** 256 random bits: long enough that a plain SHA-256 of it needs no salt and no stretching. */
export function newToken(kind: Role | "set-up" | "invite"): NewToken {
  const token = `sworn_${kind}_${randomBytes(32).toString("base64url")}`;
  return { token, hash: hashToken(token), prefix: token.slice(0, `sworn_${kind}_`.length + 6) };
}

export function hashToken(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
