import type { CustodyEntry, CustodyHistory, LogPolicy } from "@sworn/contract";
import {
  buildInclusionProof,
  buildRoot,
  canonicalJson,
  commitEvent,
  encodeVkey,
  formatCheckpoint,
  hashCustodyLeaf,
  hashNode,
  makeEd25519Signer,
  signNote,
  toBase64,
  toHex,
  type CustodyEvent,
} from "@sworn/core";
import { describe, expect, it } from "vitest";
import { checkHistory, type Line } from "./check-history.ts";
import { findLoggedHash } from "./find-logged-hash.ts";

const id = "0a4b8f1e-2a8c-4c1d-9d5e-7f6a5b4c3d2e";
const origin = "log.demo.example";
const signer = makeEd25519Signer({ name: origin, seed: new Uint8Array(32).fill(7) });
const sha256 = "ab".repeat(32);

/** A true log of `count` events on one item, with proofs to a signed checkpoint. */
function makeHistory(count: number): { history: CustodyHistory; policy: LogPolicy } {
  const entries: CustodyEntry[] = [];
  const leaves: Uint8Array[] = [];
  for (let n = 0; n < count; n += 1) {
    const at = new Date(Date.UTC(2026, 10, 20, 21, n)).toISOString();
    const event: CustodyEvent = {
      v: 1,
      kind: n === 0 ? "evidence.stored" : "evidence.viewed",
      subject: { kind: "evidence", id },
      n,
      prev: entries.at(-1)?.commitment ?? null,
      actor: { kind: "person", id },
      at,
      time: { source: "server", uncertaintyMs: 500 },
      reason: null,
      hashes: n === 0 ? { sha256 } : {},
      software: "sworn 0.1.0",
    };
    const salt = new Uint8Array(32).fill(n + 1);
    const commitment = commitEvent(event, salt);
    leaves.push(hashCustodyLeaf(commitment));
    entries.push({
      n,
      sealed: false,
      kind: n === 0 ? "evidence.stored" : "evidence.viewed",
      at,
      event: canonicalJson(event, { integersOnly: true }),
      salt: toBase64(salt),
      commitment: toHex(commitment),
      sentence: "",
      actor: null,
      index: n,
      proof: null,
    });
  }
  const read = (level: number, index: number): Uint8Array =>
    level === 0
      ? (leaves[index] ?? new Uint8Array(32))
      : hashNode(read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
  const proven = entries.map((entry, n) => ({ ...entry, proof: buildInclusionProof(n, count, read).map(toBase64) }));
  const checkpoint = signNote(formatCheckpoint({ origin, size: count, root: buildRoot(count, read) }), signer);
  return {
    history: { subject: { kind: "evidence", id }, entries: proven, checkpoint },
    policy: { origin, log: encodeVkey(signer.key), witnesses: [], quorum: 0 },
  };
}

async function linesOf(history: CustodyHistory, policy: LogPolicy): Promise<Map<string, Line>> {
  const lines = new Map<string, Line>();
  for await (const line of checkHistory(history, policy)) lines.set(line.id, line);
  return lines;
}

const states = (lines: Map<string, Line>): Record<string, string> =>
  Object.fromEntries([...lines].map(([name, line]) => [name, line.state]));
const edit = (history: CustodyHistory, n: number, change: Partial<CustodyEntry>): CustodyHistory => ({
  ...history,
  entries: history.entries.map((entry) => (entry.n === n ? { ...entry, ...change } : entry)),
});

describe("checkHistory", () => {
  const { history, policy } = makeHistory(6);
  const holds = { checkpoint: "holds", entries: "holds", inclusion: "holds", history: "holds" };

  it("holds on a true history", async () => {
    expect(states(await linesOf(history, policy))).toEqual(holds);
  });

  it("names the entry whose text was edited", async () => {
    const text = history.entries[3]?.event?.replace("evidence.viewed", "evidence.stored") ?? "";
    const lines = await linesOf(edit(history, 3, { event: text }), policy);
    expect(lines.get("entries")).toMatchObject({ state: "fails", entry: 3 });
    // What an edited entry says of the one before it is not believed, and the line claims no more than that.
    expect(lines.get("history")?.detail).toContain("1 could not be opened");
  });

  it("does not believe a kind or time shown beside the event", async () => {
    const other = await linesOf(edit(history, 2, { kind: "evidence.downloaded" }), policy);
    expect(other.get("entries")).toMatchObject({ state: "fails", entry: 2 });
    const later = await linesOf(edit(history, 2, { at: "2026-11-20T22:00:00.000Z" }), policy);
    expect(later.get("entries")).toMatchObject({ state: "fails", entry: 2 });
  });

  it("does not believe another actor shown beside the event", async () => {
    const actor = { id: "1b4b8f1e-2a8c-4c1d-9d5e-7f6a5b4c3d2e", name: "Somebody else" };
    const lines = await linesOf(edit(history, 1, { actor }), policy);
    expect(lines.get("entries")).toMatchObject({ state: "fails", entry: 1 });
  });

  it("notices an entry left out, in the middle and at the beginning", async () => {
    for (const left of [0, 3]) {
      const lines = await linesOf({ ...history, entries: history.entries.filter((entry) => entry.n !== left) }, policy);
      expect(lines.get("history")).toMatchObject({ state: "fails", entry: left + 1 });
    }
  });

  it("fails on an entry that the log does not hold", async () => {
    const lines = await linesOf(edit(history, 4, { index: 2 }), policy);
    expect(lines.get("inclusion")).toMatchObject({ state: "fails", entry: 4 });
  });

  it("proves nothing under another key, and says so on every line that needs it", async () => {
    const other = makeEd25519Signer({ name: origin, seed: new Uint8Array(32).fill(9) });
    const lines = await linesOf(history, { ...policy, log: encodeVkey(other.key) });
    expect(states(lines)).toEqual({ ...holds, checkpoint: "fails", inclusion: "fails" });
  });

  it("counts what waits for the next checkpoint instead of calling it false", async () => {
    const lines = await linesOf(edit(history, 5, { index: null, proof: null }), policy);
    expect(states(lines)).toEqual(holds);
    expect(lines.get("inclusion")?.detail).toContain("1 newest");
  });

  it("lets an entry be withheld while its place is proven", async () => {
    const lines = await linesOf(edit(history, 2, { event: null, salt: null, sentence: null }), policy);
    expect(states(lines)).toEqual(holds);
    expect(lines.get("entries")?.detail).toContain("1 withheld");
  });
});

describe("findLoggedHash", () => {
  it("finds the entry that names a hash, and none for another", () => {
    const { history } = makeHistory(2);
    expect(findLoggedHash(history, sha256)).toBe(0);
    expect(findLoggedHash(history, "cd".repeat(32))).toBeNull();
  });
});
