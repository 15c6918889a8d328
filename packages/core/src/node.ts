// The only file of this package that may import from Node: fast twins of the plain JavaScript defaults, and key wrapping.
import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hash as hashOnce,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { concatBytes, toUtf8 } from "./bytes/encode-bytes.ts";
import { CoreError } from "./error.ts";
import type { Sha256, StartSha256 } from "./hash/sha256.ts";
import type { NoteSigner } from "./note/sign-note.ts";
import { SIGNATURE_ED25519, type SignatureType, makeVerifierKey } from "./note/verifier-key.ts";
import type { VerifyEd25519 } from "./note/verify-note.ts";
import type { SealCipher, SealCrypto } from "./seal/seal-crypto.ts";

const TAG_LENGTH = 16;
const WITH_TAG = { authTagLength: TAG_LENGTH };
const SHORT = 256;
const scratch = Buffer.alloc(SHORT);

/** SHA-256 by OpenSSL. */
export const nodeSha256: Sha256 = (...parts) => {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length <= SHORT) {
    // Tree nodes are 65 bytes: one call on one buffer is several times faster than a hash object.
    let at = 0;
    for (const part of parts) {
      scratch.set(part, at);
      at += part.length;
    }
    return toPlain(hashOnce("sha256", scratch.subarray(0, length), "buffer"));
  }
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return toPlain(hash.digest());
};

/** Running SHA-256 by OpenSSL. */
export const startNodeSha256: StartSha256 = () => {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => toPlain(hash.digest()),
  };
};

/** Ed25519 verification by OpenSSL. */
export const nodeVerifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    return verify(null, message, publicKeyObject(publicKey), signature);
  } catch {
    return false; // OpenSSL refuses some malformed points when the key is read
  }
};

/** A note signer over a 32-byte Ed25519 seed, signing with OpenSSL. */
export function makeNodeEd25519Signer(source: { name: string; seed: Uint8Array; type?: SignatureType }): NoteSigner {
  const { name, seed, type = SIGNATURE_ED25519 } = source;
  if (seed.length !== 32) throw new CoreError("key-malformed", "an Ed25519 seed has 32 bytes");
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
  return {
    key: makeVerifierKey({ name, type, publicKey: new Uint8Array(publicKey) }, nodeSha256),
    sign: (message) => toPlain(sign(null, message, privateKey)),
  };
}

/** AES-256-GCM and HMAC by OpenSSL: what the server seals and opens with. */
export const nodeSealCrypto: SealCrypto = {
  hmacSha512: (key, message) => createHmac("sha512", key).update(message).digest(),
  // Not from the shared pool: sealed buffers travel to threads and outlive this call.
  allocate: (length) => {
    const out = Buffer.allocUnsafeSlow(length);
    return new Uint8Array(out.buffer, 0, length);
  },
  startAes256Gcm: (bytes) => startAes256Gcm(createSecretKey(bytes)),
};

/** Takes a key object: with raw bytes Node imports the key anew for every chunk, which halves the throughput. */
function startAes256Gcm(key: KeyObject): SealCipher {
  return {
    seal: (nonce, plaintext, out, at) => {
      const cipher = createCipheriv("aes-256-gcm", key, nonce, WITH_TAG);
      out.set(cipher.update(plaintext), at);
      cipher.final();
      out.set(cipher.getAuthTag(), at + plaintext.length);
    },
    open: (nonce, sealed, out, at) => {
      const split = sealed.length - TAG_LENGTH;
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, WITH_TAG);
      decipher.setAuthTag(sealed.subarray(split));
      const plaintext = decipher.update(sealed.subarray(0, split));
      try {
        decipher.final();
      } catch {
        return false;
      }
      out.set(plaintext, at);
      return true;
    },
  };
}

/** Bytes of a wrapped 32-byte key: nonce, ciphertext, tag. */
export const WRAPPED_KEY_LENGTH = 12 + 32 + TAG_LENGTH;
const WRAP_LABEL = toUtf8("sworn-key-wrap/v1\n");

export type WrapOptions = {
  /** 32 bytes: the key that wraps. */
  wrappingKey: Uint8Array;
  /** What the wrapped key is for; unwrapping needs the same bytes, so that a key cannot be moved to another object. */
  context: Uint8Array;
};

/** Wraps a 32-byte key with AES-256-GCM under a random 12-byte nonce; returns 60 bytes. `seal-key-length`. */
export function wrapKey(
  key: Uint8Array,
  options: WrapOptions,
  random: (length: number) => Uint8Array = randomBytes,
): Uint8Array {
  assertKey(key);
  assertKey(options.wrappingKey);
  const nonce = random(12);
  const cipher = createCipheriv("aes-256-gcm", options.wrappingKey, nonce);
  cipher.setAAD(concatBytes(WRAP_LABEL, options.context));
  return concatBytes(nonce, cipher.update(key), cipher.final(), cipher.getAuthTag());
}

/** The key that `wrapKey` wrapped; `wrap-malformed` (length), `wrap-refused` (another wrapping key or context, or altered). */
export function unwrapKey(wrapped: Uint8Array, options: WrapOptions): Uint8Array {
  assertKey(options.wrappingKey);
  if (wrapped.length !== WRAPPED_KEY_LENGTH)
    throw new CoreError("wrap-malformed", `a wrapped key has ${WRAPPED_KEY_LENGTH} bytes`);
  const decipher = createDecipheriv("aes-256-gcm", options.wrappingKey, wrapped.subarray(0, 12), WITH_TAG);
  decipher.setAAD(concatBytes(WRAP_LABEL, options.context));
  decipher.setAuthTag(wrapped.subarray(44));
  const key = decipher.update(wrapped.subarray(12, 44));
  try {
    decipher.final();
  } catch {
    throw new CoreError("wrap-refused", "the key was wrapped under another key or context, or was altered");
  }
  return toPlain(key);
}

function assertKey(key: Uint8Array): void {
  if (key.length !== 32) throw new CoreError("seal-key-length", "keys have 32 bytes");
}

function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

/** A Buffer is a Uint8Array with other habits (its slice shares memory); results of this package are plain. */
const toPlain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
