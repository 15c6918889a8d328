import type { CustodyEntry, CustodyHistory, LogPolicy } from "@sworn/contract";
import {
  CoreError,
  fromBase64,
  fromHex,
  hashCustodyLeaf,
  keyFingerprint,
  parseEvent,
  parseVkey,
  verifyCheckpoint,
  verifyCommitment,
  verifyHistory,
  verifyInclusion,
  type CustodyEvent,
  type VerifiedCheckpoint,
} from "@sworn/core";
import { words } from "../../words/index.ts";

export type LineId = "checkpoint" | "entries" | "inclusion" | "history" | "file";
export type LineState = "idle" | "running" | "holds" | "waiting" | "fails";
export interface Line {
  readonly id: LineId;
  readonly state: LineState;
  readonly detail: string;
  /** Number of the entry at fault. */
  readonly entry: number | null;
}
export interface Opened {
  readonly event: CustodyEvent;
  readonly salt: Uint8Array;
}

const say = words.custody.check;

/**
 * Recomputes everything about a history in this browser, one line at a time; never one tick for all.
 * The history, the proofs and the key come from the server that is being checked: what this proves is that they
 * agree with each other and with the key, so the key's fingerprint must be compared with one known from elsewhere.
 */
export async function* checkHistory(history: CustodyHistory, policy: LogPolicy): AsyncGenerator<Line> {
  yield running("checkpoint");
  const checkpoint = yield* step("checkpoint", () => checkCheckpoint(history.checkpoint, policy));

  yield running("entries");
  const opened = new Map<number, Opened>();
  yield* overEntries(
    "entries",
    history.entries,
    (entry) => openEntry(entry, opened),
    (count) => say.entriesHold(opened.size, count - opened.size),
  );

  yield running("inclusion");
  const placed = history.entries.filter((entry) => entry.index !== null && entry.proof !== null);
  if (checkpoint === null) yield { id: "inclusion", state: "fails", detail: say.noRoot, entry: null };
  else {
    const waiting = history.entries.length - placed.length;
    yield* overEntries(
      "inclusion",
      placed,
      (entry) => checkInclusion(entry, checkpoint),
      (count) => say.inclusionHolds(count, checkpoint.size, waiting),
    );
  }

  yield running("history");
  await breathe();
  yield checkOrder(history, opened);
}

function checkCheckpoint(note: string | null, policy: LogPolicy): { value: VerifiedCheckpoint; detail: string } {
  if (note === null) throw new CoreError("checkpoint-malformed", say.noCheckpoint);
  const key = parseVkey(policy.log);
  const value = verifyCheckpoint(note, { origin: policy.origin, logKeys: [key] });
  return { value, detail: say.checkpointHolds(value.size, key.name) };
}

/** What a person compares with the paper or the message they were given. */
export function fingerprintOf(policy: LogPolicy): string {
  return keyFingerprint(parseVkey(policy.log)).replaceAll(/(.{4})(?=.)/g, "$1 ");
}

function openEntry(entry: CustodyEntry, opened: Map<number, Opened>): void {
  // Withheld or shredded: its commitment still stands in the log, and the next lines prove that.
  if (entry.event === null || entry.salt === null) return;
  const event = parseEvent(entry.event);
  const salt = saltOf(entry.salt);
  verifyCommitment(event, salt, fromHex(entry.commitment));
  if (event.kind !== entry.kind) throw new CoreError("event-kind", say.kindDiffers(event.kind, entry.kind ?? "–"));
  if (event.at !== entry.at) throw new CoreError("event-at", say.timeDiffers);
  if (entry.actor !== null && event.actor.id !== entry.actor.id) throw new CoreError("event-actor", say.actorDiffers);
  opened.set(entry.n, { event, salt });
}

function saltOf(text: string): Uint8Array {
  return /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : fromBase64(text);
}

function checkInclusion(entry: CustodyEntry, checkpoint: VerifiedCheckpoint): void {
  verifyInclusion({
    leafHash: hashCustodyLeaf(fromHex(entry.commitment)),
    index: entry.index ?? -1,
    size: checkpoint.size,
    proof: (entry.proof ?? []).map((hash) => fromBase64(hash)),
    root: checkpoint.root,
  });
}

function checkOrder(history: CustodyHistory, opened: ReadonlyMap<number, Opened>): Line {
  const subject = history.subject;
  const entries = history.entries.map((entry, position) => {
    const open = opened.get(entry.n);
    // An entry that waits for its place comes after all that have one.
    const index = entry.index ?? Number.MAX_SAFE_INTEGER - history.entries.length + position;
    return {
      index,
      n: entry.n,
      commitment: fromHex(entry.commitment),
      ...(open === undefined ? {} : { opened: open }),
    };
  });
  const holds = (count: number): CoreError | null => {
    try {
      verifyHistory(subject, entries.slice(0, count));
      return null;
    } catch (error) {
      if (error instanceof CoreError) return error;
      throw error;
    }
  };
  const failure = holds(entries.length);
  if (failure === null)
    return { id: "history", state: "holds", detail: say.historyHolds(entries.length, opened.size), entry: null };
  let [low, high] = [0, entries.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (middle > 0 && holds(middle) === null) low = middle;
    else high = middle;
  }
  return { id: "history", state: "fails", detail: failure.message, entry: history.entries[high - 1]?.n ?? null };
}

const running = (id: LineId): Line => ({ id, state: "running", detail: "", entry: null });

async function* step<T>(id: LineId, work: () => { value: T; detail: string }): AsyncGenerator<Line, T | null> {
  await breathe();
  try {
    const { value, detail } = work();
    yield { id, state: "holds", detail, entry: null };
    return value;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    yield { id, state: "fails", detail: error.message, entry: null };
    return null;
  }
}

/** The same check over every entry; names the first that fails, and lets the page draw in between. */
async function* overEntries(
  id: LineId,
  entries: readonly CustodyEntry[],
  work: (entry: CustodyEntry) => void,
  done: (count: number) => string,
): AsyncGenerator<Line> {
  await breathe();
  let drawn = performance.now();
  let failed: Line | null = null;
  for (const [position, entry] of entries.entries()) {
    try {
      work(entry);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      failed ??= { id, state: "fails", detail: say.entryFails(entry.n + 1, error.message), entry: entry.n };
    }
    if (performance.now() - drawn < 40) continue;
    yield { id, state: "running", detail: say.progress(position + 1, entries.length), entry: null };
    await breathe();
    drawn = performance.now();
  }
  yield failed ?? { id, state: "holds", detail: done(entries.length), entry: null };
}

/** Lets the page draw before the next piece of work. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
