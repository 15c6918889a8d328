import type { CustodyEntry } from "@sworn/contract";
import { CoreError, parseEvent } from "@sworn/core";

/** "server clock, ±0.5 s": which clock an entry's time comes from, as the entry itself says. */
export function timeSourceOf(entry: CustodyEntry): string {
  if (entry.event === null) return "";
  try {
    const { source, uncertaintyMs } = parseEvent(entry.event).time;
    return uncertaintyMs > 0 ? `${source} ±${(uncertaintyMs / 1000).toFixed(1)} s` : source;
  } catch (error) {
    if (error instanceof CoreError) return "";
    throw error;
  }
}
