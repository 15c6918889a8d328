import type { CustodyHistory } from "@sworn/contract";
import { CoreError, parseEvent } from "@sworn/core";

/** Number of the first entry whose event names this SHA-256, or null. Entries that do not open are passed over. */
export function findLoggedHash(history: CustodyHistory, sha256: string): number | null {
  for (const entry of history.entries) {
    if (entry.event === null) continue;
    try {
      if (Object.values(parseEvent(entry.event).hashes).includes(sha256)) return entry.n;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
    }
  }
  return null;
}
