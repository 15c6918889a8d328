import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { CoreError, encodeVkey, fromBase64, fromHex, parseStrictJson, toBase64, toHex, toUtf8 } from "@sworn/core";
import { makeNodeEd25519Signer, unwrapKey, wrapKey } from "@sworn/core/node";
import type { KeyRing } from "../../ports/key-ring.ts";
import { KeyRingError } from "./key-ring-error.ts";
import { readSheet, writeSheet } from "./recovery-sheet.ts";
import { readSecret, writeSecret } from "./secret-file.ts";

export interface FileKeyRing extends KeyRing {
  /** The log's name, fixed when its key was made. */
  readonly logOrigin: string;
  /** True when the keys were made by this very call: the recovery sheet is still to be made. */
  readonly created: boolean;
  /** The page that brings master and log key back (see recovery-sheet.ts). Holds both in the clear. */
  recoverySheet(madeAt: Date): string;
}

export interface KeyRingPlace {
  /** `<data home>/secrets`; made with mode 0700 where missing. */
  readonly folder: string;
  /** SWORN_MASTER_KEY_FILE: the master key elsewhere, for example on a mounted secret. */
  readonly masterKeyFile?: string;
}

const LABEL = "sworn-key-ring/v1";
const WRAPPED_FOR = "log signing key";

/**
 * Opens the keys of a data home, making them on an empty one. `newOrigin` names a new log and is not looked at later.
 * Only when neither key exists are new ones made: a master key made beside an old log key would look like a working
 * server on which no old evidence opens. `key-file-mode`, `key-file-malformed`, `…-missing`, `other-master-key`.
 */
export function openKeyRing(place: KeyRingPlace, newOrigin: string): FileKeyRing {
  const paths = pathsOf(place);
  const master = readSecret(paths.master);
  const log = readSecret(paths.log);
  if (master === null && log === null) {
    const keys = { masterKey: randomBytes(32), logSeed: randomBytes(32) };
    save(paths, { origin: newOrigin, ...keys });
    return makeRing(keys.masterKey, keys.logSeed, newOrigin, true);
  }
  if (master === null)
    throw new KeyRingError("master-key-missing", `${paths.master} is missing. Restore it from the recovery sheet.`);
  const masterKey = parseMasterKey(master, paths.master);
  if (log === null) {
    // A master key that the operator supplied, on a data home that never had a log: the first start.
    if (place.masterKeyFile === undefined)
      throw new KeyRingError(
        "log-key-missing",
        `${paths.log} is missing. Restore it from a backup or the recovery sheet.`,
      );
    const logSeed = randomBytes(32);
    writeSecret(paths.log, logFile(masterKey, logSeed, newOrigin));
    return makeRing(masterKey, logSeed, newOrigin, true);
  }
  const { origin, seed } = parseLogKey(log, masterKey, paths.log);
  return makeRing(masterKey, seed, origin, false);
}

/** Writes both keys of a sheet into an empty key folder. `keys-exist`, and what reading the sheet refuses. */
export function restoreFromSheet(text: string, place: KeyRingPlace): FileKeyRing {
  const facts = readSheet(text);
  const paths = pathsOf(place);
  if (readSecret(paths.master) !== null || readSecret(paths.log) !== null)
    throw new KeyRingError("keys-exist", `${place.folder} holds keys. They are not overwritten: move them away first.`);
  save(paths, facts);
  return makeRing(facts.masterKey, facts.logSeed, facts.origin, false);
}

function makeRing(masterKey: Uint8Array, logSeed: Uint8Array, origin: string, created: boolean): FileKeyRing {
  const wrappingKey = expand(masterKey, "wrap");
  const masterKeyId = idOf(masterKey);
  const signer = makeNodeEd25519Signer({ name: origin, seed: logSeed });
  const logVkey = encodeVkey(signer.key);
  return {
    masterKeyId,
    logVkey,
    logOrigin: origin,
    created,
    wrap: (key, context) => Promise.resolve(wrapKey(key, { wrappingKey, context: toUtf8(context) })),
    // eslint-disable-next-line require-await -- a refusal must be a rejection, not a throw
    unwrap: async (wrapped, context, wrappedBy) => unwrapUnder(masterKeyId, wrappingKey, wrapped, context, wrappedBy),
    derive: (purpose) => expand(masterKey, `derive\n${purpose}`),
    signLog: (message) => signer.sign(message),
    recoverySheet: (madeAt) => writeSheet({ origin, masterKey, logSeed }, { madeAt, masterKeyId, logVkey }),
  };
}

function unwrapUnder(
  masterKeyId: string,
  wrappingKey: Uint8Array,
  wrapped: Uint8Array,
  context: string,
  wrappedBy: string,
): Uint8Array {
  if (wrappedBy !== masterKeyId)
    throw new KeyRingError(
      "other-master-key",
      `This key was wrapped by master key ${wrappedBy}; ours is ${masterKeyId}.`,
    );
  try {
    return unwrapKey(wrapped, { wrappingKey, context: toUtf8(context) });
  } catch (error) {
    if (error instanceof CoreError) throw new KeyRingError("wrap-refused", error.message, error);
    throw error;
  }
}

/** One key, several uses: each under its own label, so that none can stand in for another (RFC 5869). */
function expand(masterKey: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", masterKey, new Uint8Array(0), `${LABEL} ${label}`, 32));
}

/** Public name of a master key: stands beside each wrapped key. */
function idOf(masterKey: Uint8Array): string {
  return `m-${toHex(expand(masterKey, "id").subarray(0, 8))}`;
}

function pathsOf(place: KeyRingPlace): { master: string; log: string } {
  return { master: place.masterKeyFile ?? join(place.folder, "master.key"), log: join(place.folder, "log.key") };
}

function save(
  paths: { master: string; log: string },
  facts: { origin: string; masterKey: Uint8Array; logSeed: Uint8Array },
): void {
  const log = logFile(facts.masterKey, facts.logSeed, facts.origin); // refuses a bad origin before anything is written
  writeSecret(paths.master, `${toHex(facts.masterKey)}\n`);
  writeSecret(paths.log, log);
}

function logFile(masterKey: Uint8Array, seed: Uint8Array, origin: string): string {
  const { key } = makeNodeEd25519Signer({ name: origin, seed });
  const wrapped = wrapKey(seed, {
    wrappingKey: expand(masterKey, "wrap"),
    context: toUtf8(`${WRAPPED_FOR}\n${origin}`),
  });
  const file = { version: 1, origin, vkey: encodeVkey(key), masterKeyId: idOf(masterKey), wrapped: toBase64(wrapped) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function parseMasterKey(text: string, path: string): Uint8Array {
  const digits = text.trimEnd();
  if (!/^[0-9a-f]{64}$/.test(digits))
    throw new KeyRingError("key-file-malformed", `${path} does not hold 64 hexadecimal digits.`);
  return fromHex(digits);
}

function parseLogKey(text: string, masterKey: Uint8Array, path: string): { origin: string; seed: Uint8Array } {
  const malformed = (): KeyRingError => new KeyRingError("key-file-malformed", `${path} is not a log key file.`);
  let file: unknown;
  try {
    file = parseStrictJson(text);
  } catch {
    throw malformed();
  }
  if (typeof file !== "object" || file === null || !("origin" in file && "wrapped" in file && "masterKeyId" in file))
    throw malformed();
  const { origin, wrapped, masterKeyId } = file;
  if (typeof origin !== "string" || typeof wrapped !== "string" || typeof masterKeyId !== "string") throw malformed();
  const seed = unwrapUnder(
    idOf(masterKey),
    expand(masterKey, "wrap"),
    fromBase64(wrapped),
    `${WRAPPED_FOR}\n${origin}`,
    masterKeyId,
  );
  return { origin, seed };
}
