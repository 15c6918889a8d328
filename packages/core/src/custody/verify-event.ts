import { CoreError, type CoreErrorCode } from "../error.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { parseStrictJson } from "../json/strict-json.ts";
import { fromUtf8 } from "../bytes/encode-bytes.ts";
import { ACTOR_KINDS, type CustodyEvent, SUBJECT_KINDS, TIME_SOURCES } from "./custody-event.ts";

type Fields = { readonly [key: string]: unknown };

const REQUIRED = ["v", "kind", "subject", "n", "prev", "actor", "at", "time", "reason", "hashes", "software"];
const KIND = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;
const HASH = /^[0-9a-f]{64}$/;
const HASH_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

/**
 * Returns the value as a custody event when every field holds (format version 1), else throws CoreError with the code of the
 * field at fault: `event-field-missing`, `event-field-unknown`, `event-version`, `event-kind`, `event-subject`, `event-n`,
 * `event-prev`, `event-actor`, `event-at`, `event-time`, `event-reason`, `event-hashes`, `event-software`, `event-details`.
 */
export function verifyEvent(value: unknown): CustodyEvent {
  if (!isFields(value)) throw new CoreError("event-malformed", "an event is an object");
  for (const key of REQUIRED) {
    if (!Object.hasOwn(value, key)) throw new CoreError("event-field-missing", `the event has no ${key}`);
  }
  for (const key of Object.keys(value)) {
    if (!REQUIRED.includes(key) && key !== "details")
      throw new CoreError("event-field-unknown", `an event has no field ${JSON.stringify(key)}`);
  }
  // From here on each line is one rule; what it refuses has the code of its field.
  check(value["v"] === 1, "event-version", "only format version 1 is known");
  check(isText(value["kind"], 64) && KIND.test(value["kind"]), "event-kind", "a kind is dotted lower-case words");
  check(isParty(value["subject"], SUBJECT_KINDS), "event-subject", "a subject has a known kind and an id");
  const n = value["n"];
  check(isCount(n), "event-n", "n counts from 0, below 2^53");
  const prev = value["prev"];
  check(prev === null ? n === 0 : n !== 0 && isHash(prev), "event-prev", "prev is null for n = 0, else a commitment");
  check(isParty(value["actor"], ACTOR_KINDS), "event-actor", "an actor has a known kind and an id");
  check(isInstant(value["at"]), "event-at", "at is RFC 3339 in UTC with milliseconds");
  check(isTime(value["time"]), "event-time", "time has a known source and an uncertainty in ms");
  check(value["reason"] === null || isText(value["reason"], 4000), "event-reason", "a reason is null or text");
  check(isHashes(value["hashes"]), "event-hashes", "hashes are named SHA-256 values in lower-case hex");
  check(isText(value["software"], 200), "event-software", "software is a non-empty text");
  const details = value["details"];
  check(
    !Object.hasOwn(value, "details") || (isFields(details) && isCanonical(details)),
    "event-details",
    "details is a JSON object of integers and texts",
  );
  return value as CustodyEvent;
}

/** Reads an event from its stored canonical text; `event-not-canonical` when the bytes are not the ones that were committed to. */
export function parseEvent(text: string | Uint8Array): CustodyEvent {
  const source = typeof text === "string" ? text : fromUtf8(text);
  const event = verifyEvent(parseStrictJson(source, { integersOnly: true }));
  if (canonicalJson(event, { integersOnly: true }) !== source) {
    throw new CoreError("event-not-canonical", "the event is not in canonical form");
  }
  return event;
}

function check(holds: boolean, code: CoreErrorCode, message: string): asserts holds {
  if (!holds) throw new CoreError(code, message);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasExactly(value: unknown, keys: readonly string[]): value is Fields {
  return isFields(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= longest && value.isWellFormed();
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0);
const isHash = (value: unknown): value is string => typeof value === "string" && HASH.test(value);
const isId = (value: unknown): boolean => isText(value, 128) && ID.test(value);

function isParty(value: unknown, kinds: readonly string[]): boolean {
  return (
    hasExactly(value, ["kind", "id"]) &&
    typeof value["kind"] === "string" &&
    kinds.includes(value["kind"]) &&
    isId(value["id"])
  );
}

function isTime(value: unknown): boolean {
  if (!hasExactly(value, ["source", "uncertaintyMs"])) return false;
  const source = value["source"];
  return (
    typeof source === "string" && TIME_SOURCES.some((known) => known === source) && isCount(value["uncertaintyMs"])
  );
}

function isHashes(value: unknown): boolean {
  return isFields(value) && Object.entries(value).every(([name, hash]) => HASH_NAME.test(name) && isHash(hash));
}

function isInstant(value: unknown): boolean {
  if (typeof value !== "string" || !INSTANT.test(value)) return false;
  // Date accepts 30 February and rolls it over; writing it back shows that.
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString() === value;
}

function isCanonical(value: unknown): boolean {
  try {
    canonicalJson(value, { integersOnly: true, maxDepth: 32 });
    return true;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}
