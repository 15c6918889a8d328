import { setTimeout as sleep } from "node:timers/promises";
import type { CustodyHistory } from "@sworn/contract";
import { hashCustodyLeaf, parseNote, verifyInclusion } from "@sworn/core";
import type { Sworn } from "@sworn/sdk";

const PATIENCE_MS = 20_000;
/** Our own reading is logged too, and waits for a checkpoint of its own. */
const readingKinds = new Set([
  "evidence.previewed",
  "evidence.viewed",
  "evidence.notes-read",
  "evidence.downloaded",
  "evidence.custody-read",
]);

/**
 * State equals log, seen from outside and without `sworn check`: an unbroken history, one `evidence.stored` that names
 * the item's hash, every entry proven in the tree. Throws what is not so.
 */
export async function judgeHistory(sworn: Sworn, evidenceId: string): Promise<void> {
  const item = await sworn.evidence.get(evidenceId);
  if (item.state !== "stored") throw new Error(`evidence ${evidenceId} is ${item.state}`);
  const { entries, checkpoint } = await provenHistory(sworn, evidenceId);
  const stored = entries.filter((entry) => entry.kind === "evidence.stored");
  if (stored.length !== 1) throw new Error(`evidence ${evidenceId} has ${stored.length} events evidence.stored`);
  if (item.sha256 !== null && stored[0]?.event?.includes(item.sha256) !== true)
    throw new Error(`the log does not name the hash of evidence ${evidenceId}`);
  const [, size, root] = parseNote(checkpoint ?? "").text.split("\n");
  for (const [i, entry] of entries.entries()) {
    if (entry.n !== i) throw new Error(`the history of evidence ${evidenceId} has a hole before entry ${entry.n}`);
    if (entry.proof === null && (entry.kind === null || readingKinds.has(entry.kind))) continue;
    verifyInclusion({
      leafHash: hashCustodyLeaf(fromHex(entry.commitment)),
      index: entry.index ?? -1,
      size: Number(size),
      proof: (entry.proof ?? []).map(fromBase64),
      root: fromBase64(root ?? ""),
    });
  }
}

/** Waits until the sequencer has come past everything but our own reading. */
async function provenHistory(sworn: Sworn, evidenceId: string): Promise<CustodyHistory> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const history = await sworn.evidence.custody(evidenceId);
    const waiting = history.entries.some(
      (entry) => entry.proof === null && !(entry.kind === null || readingKinds.has(entry.kind)),
    );
    if (!waiting || Date.now() > deadline) return history;
  }
}

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
