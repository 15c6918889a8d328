import type { CustodyEntry } from "@sworn/contract";
import { CoreError, parseEvent } from "@sworn/core";
import { formatNumber } from "../../ui/format/number.ts";
import { words } from "../../words/index.ts";

/** "server clock, ±0.5 s": which clock an entry's time comes from, as the entry itself says. */
export function timeSourceOf(entry: CustodyEntry): string {
  if (entry.event === null) return "";
  try {
    const { source, uncertaintyMs } = parseEvent(entry.event).time;
    const clock = words.custody.clocks[source];
    return uncertaintyMs > 0 ? `${clock} ±${formatNumber(uncertaintyMs / 1000, 1)} s` : clock;
  } catch (error) {
    if (error instanceof CoreError) return "";
    throw error;
  }
}
