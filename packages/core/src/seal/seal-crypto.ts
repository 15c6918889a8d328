import { gcm } from "@noble/ciphers/aes.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";

/** AES-256-GCM under one key, without associated data: all that the sealing format needs of a cipher. */
export type SealCipher = {
  /** Writes ciphertext and 16-byte tag of `plaintext` into `out` from `at` on. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array, at: number): void;
  /** Writes the plaintext of `sealed` (ciphertext and tag) into `out`; false when it is not authentic. */
  open(nonce: Uint8Array, sealed: Uint8Array, out: Uint8Array, at: number): boolean;
};

/** The primitives under the sealing format; `@sworn/core/node` has the fast one. */
export type SealCrypto = {
  hmacSha512(key: Uint8Array, message: Uint8Array): Uint8Array;
  startAes256Gcm(key: Uint8Array): SealCipher;
  /** A buffer whose content is about to be overwritten whole. */
  allocate(length: number): Uint8Array;
};

/** Plain JavaScript: tens of MB/s, for browsers and as a second opinion in tests. */
export const pureSealCrypto: SealCrypto = {
  hmacSha512: (key, message) => hmac(sha512, key, message),
  allocate: (length) => new Uint8Array(length),
  startAes256Gcm: (key) => ({
    seal: (nonce, plaintext, out, at) => out.set(gcm(key, nonce).encrypt(plaintext), at),
    open: (nonce, sealed, out, at) => {
      try {
        out.set(gcm(key, nonce).decrypt(sealed), at);
        return true;
      } catch {
        return false; // noble throws on a bad tag; the length was checked by the caller
      }
    },
  }),
};
