import { SwornError } from "@sworn/sdk";
import { setTimeout as pause } from "node:timers/promises";
import { type FoundFile, type Listing, listFiles, look } from "./list-files.ts";
import { sizeText } from "./progress.ts";
import { type DockOptions, type Outcome, takeFile } from "./take-file.ts";

export interface DockRun extends DockOptions {
  readonly folder: string;
  readonly watch: boolean;
  /** A file must have stood still for so long before it is taken, in ms. */
  readonly settleMs: number;
  readonly lookEveryMs: number;
}
export interface DockResult {
  stored: number;
  alreadyHeld: number;
  /** Of the stored: cannot be played, or not to their end. */
  harmed: number;
  removed: number;
  refused: number;
  unreadable: number;
  changing: number;
  notTaken: number;
  bytes: number;
}

const MAX_LOOKS = 100;

/** Takes in a folder, once or (`watch`) until stopped. Says what it does; the counts decide the exit code. */
export async function runDock(run: DockRun): Promise<DockResult> {
  const result: DockResult = {
    stored: 0,
    alreadyHeld: 0,
    harmed: 0,
    removed: 0,
    refused: 0,
    unreadable: 0,
    changing: 0,
    notTaken: 0,
    bytes: 0,
  };
  const said = new Set<string>();
  const settledNames = new Set<string>();
  for (let round = 0; ; round++) {
    const listing = await listFiles(run.folder);
    sayOnce(run, listing, said, result);
    const { still, moving } = await standing(
      run,
      listing.take.filter((file) => !settledNames.has(keyOf(file))),
    );
    if (still.length > 0) {
      run.progress.start(
        still.length,
        still.reduce((sum, file) => sum + file.size, 0),
      );
      for (const file of still) {
        const outcome = await takeFile(run, file).catch((error: unknown): Outcome => {
          // Watching outlives a server that restarts or a cable that is out; one run ends and says so.
          if (!run.watch || !(error instanceof SwornError) || !error.retryable) throw error;
          return { state: "again", why: error.message };
        });
        run.progress.fileDone(file.size);
        count(result, file, outcome);
        run.progress.say(tell(file, outcome));
        if (outcome.state !== "again") settledNames.add(keyOf(file));
      }
      run.progress.stop();
    }
    result.changing = moving.length;
    const unfinished = moving.length > 0 || still.some((file) => !settledNames.has(keyOf(file)));
    // A camera that still writes is waited for; one that never ends is reported instead of waited for for ever.
    if (!run.watch && (!unfinished || round >= MAX_LOOKS)) return result;
    await pause(unfinished ? Math.min(run.settleMs, run.lookEveryMs) : run.lookEveryMs, undefined, {
      signal: run.signal,
    });
  }
}

const keyOf = (file: FoundFile): string => `${file.name}|${file.size}|${file.mtimeMs}`;

/** Files that have not moved for `settleMs`, by their own clock and by two looks: card readers may set odd times. */
async function standing(
  run: DockRun,
  files: readonly FoundFile[],
): Promise<{ still: FoundFile[]; moving: FoundFile[] }> {
  if (files.length === 0) return { still: [], moving: [] };
  const young = files.some((file) => Math.abs(Date.now() - file.mtimeMs) < run.settleMs);
  if (young) await pause(run.settleMs, undefined, { signal: run.signal });
  const still: FoundFile[] = [];
  const moving: FoundFile[] = [];
  for (const file of files) {
    const now = await look(file.path);
    if (now === null) continue;
    (now.size === file.size && now.mtimeMs === file.mtimeMs ? still : moving).push(file);
  }
  return { still, moving };
}

function sayOnce(run: DockRun, listing: Listing, said: Set<string>, result: DockResult): void {
  const say = (name: string, text: string): boolean => {
    if (said.has(name)) return false;
    said.add(name);
    run.progress.say(text);
    return true;
  };
  for (const { name, why } of listing.notTaken) if (say(name, `not taken  ${name} (${why})`)) result.notTaken += 1;
  for (const name of listing.positions)
    if (say(name, `not taken  ${name} (positions beside a file are not sent yet; keep it)`)) result.notTaken += 1;
}

function count(result: DockResult, file: FoundFile, outcome: Outcome): void {
  if (outcome.state === "again") return;
  if (outcome.state !== "stored") {
    result[outcome.state] += 1;
    return;
  }
  result.stored += 1;
  result.bytes += file.size;
  if (outcome.play === "cannot-be-played" || outcome.play === "ends-early") result.harmed += 1;
  if (outcome.held) result.alreadyHeld += 1;
  if (outcome.removed) result.removed += 1;
}

function tell(file: FoundFile, outcome: Outcome): string {
  if (outcome.state !== "stored") return `${outcome.state.padEnd(9)}  ${file.name}: ${outcome.why}`;
  const notes = [
    sizeText(file.size),
    `sha256 ${outcome.sha256.slice(0, 12)}…`,
    ...(outcome.held ? ["already held"] : []),
    ...(outcome.removed ? ["source removed"] : []),
    ...(outcome.note === undefined ? [] : [outcome.note]),
  ];
  return `stored     ${file.name} (${notes.join(", ")})`;
}
