import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** With 8 MB each: the database's log stays below 80 MB. */
const KEPT = 8;
const EVERY_MS = 60_000;

/** Keeps the newest files of PostgreSQL's log, now and every minute, until the returned function is called. */
export function boundLogFolder(folder: string): () => void {
  const prune = (): void => {
    try {
      // The names begin with the time: the order of names is the order of time.
      const files = readdirSync(folder)
        .filter((name) => name.endsWith(".log"))
        .sort();
      for (const name of files.slice(0, -KEPT)) rmSync(join(folder, name), { force: true });
    } catch {
      // A log that cannot be tidied is no reason to stop taking in evidence.
    }
  };
  prune();
  const timer = setInterval(prune, EVERY_MS).unref();
  return () => clearInterval(timer);
}
