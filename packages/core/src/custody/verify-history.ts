import { equalBytes, fromHex } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { type Sha256, pureSha256 } from "../hash/sha256.ts";
import { verifyCommitment } from "./commit-event.ts";
import type { CustodyEvent } from "./custody-event.ts";

/** One entry of a subject's disclosed history: opened (event and salt), or withheld (commitment and n only). */
export type HistoryEntry = {
  /** Position in the log, as proven by inclusion. */
  index: number;
  n: number;
  commitment: Uint8Array;
  opened?: { event: CustodyEvent; salt: Uint8Array };
};

/**
 * Checks that entries, in order, are the subject's events 0..n without holes: `history-empty`, `history-hole`,
 * `history-order` (log positions must grow), `event-uncommitted`, `history-subject-mismatch`, `history-prev-mismatch`.
 * Inclusion of each commitment is the caller's to check; the end of the history is only bounded by its last event.
 */
export function verifyHistory(
  subject: CustodyEvent["subject"],
  entries: readonly HistoryEntry[],
  sha256: Sha256 = pureSha256,
): { opened: number; withheld: number } {
  if (entries.length === 0) throw new CoreError("history-empty", "the history has no event");
  let before: HistoryEntry | undefined;
  let opened = 0;
  for (const [position, entry] of entries.entries()) {
    if (entry.n !== position)
      throw new CoreError("history-hole", `event ${position} is missing; ${entry.n} stands in its place`);
    if (before !== undefined && entry.index <= before.index) {
      throw new CoreError("history-order", `event ${entry.n} stands in the log before event ${before.n}`);
    }
    if (entry.opened !== undefined) {
      verifyOpened(subject, entry, entry.opened, before, sha256);
      opened += 1;
    }
    before = entry;
  }
  return { opened, withheld: entries.length - opened };
}

function verifyOpened(
  subject: CustodyEvent["subject"],
  entry: HistoryEntry,
  { event, salt }: { event: CustodyEvent; salt: Uint8Array },
  before: HistoryEntry | undefined,
  sha256: Sha256,
): void {
  verifyCommitment(event, salt, entry.commitment, sha256);
  if (event.subject.kind !== subject.kind || event.subject.id !== subject.id) {
    throw new CoreError("history-subject-mismatch", `event ${entry.n} is about something else`);
  }
  if (event.n !== entry.n) throw new CoreError("history-hole", `event ${entry.n} says that it is number ${event.n}`);
  if (before !== undefined && (event.prev === null || !equalBytes(fromHex(event.prev), before.commitment))) {
    throw new CoreError("history-prev-mismatch", `event ${entry.n} follows another event ${before.n}`);
  }
}
