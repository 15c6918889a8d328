import { Fix } from "@sworn/contract";
import { openFile, type ReadDeps, StoredDamage } from "../intake/index.ts";
import { linesFrom } from "./to-feature.ts";

/** As many timed fixes as have a say: a minute of one a second. */
const TIMED = 60;
// A receiver that is indoors for long has no time; reading on for it would read a day of positions.
const LOOKED_AT = 10_000;

/** When the picture began by the satellites' clock, in ms since 1970; null where no fix of the track file says. */
export async function satelliteStart(deps: ReadDeps, agencyId: string, fileId: string): Promise<number | null> {
  try {
    const { bytes } = await openFile(deps, agencyId, fileId);
    return await startOf(linesFrom(bytes));
  } catch (error) {
    // The check tells of damage. It must not take the other clocks away with it.
    if (error instanceof StoredDamage) return null;
    throw error;
  }
}

/**
 * Each fix says when its own moment was, so its offset comes off: receivers have a time long after the picture began.
 * The middle of what they say, because one that came late or with yesterday's date must not decide.
 */
export async function startOf(lines: AsyncIterable<string>): Promise<number | null> {
  const starts: number[] = [];
  let looked = 0;
  for await (const line of lines) {
    const { at, method, offsetMs } = Fix.parse(JSON.parse(line));
    if (at !== null && method === "gnss") starts.push(Date.parse(at) - offsetMs);
    looked += 1;
    if (starts.length === TIMED || looked === LOOKED_AT) break;
  }
  return starts.toSorted((a, b) => a - b)[Math.floor((starts.length - 1) / 2)] ?? null;
}
