import { readFile, statfs, stat } from "node:fs/promises";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "./config.ts";

/** The disk of the data home (spool, embedded database); null where it is the objects' own. */
export async function homeDiskOf(
  config: Pick<Config, "home" | "objects">,
): Promise<{ free: number; total: number } | null> {
  const [home, objects] = await Promise.all([stat(config.home), stat(config.objects)]);
  if (home.dev === objects.dev) return null;
  const found = await statfs(config.home);
  return { free: found.bavail * found.bsize, total: found.blocks * found.bsize };
}

const LastCheck = z.object({ at: z.iso.datetime(), wrong: z.int().nonnegative() });
const fileOf = (home: string): string => join(home, "last-check.json");

/** What the last check that came to its end left; null where none did, or what it left cannot be read. */
export async function readLastCheck(home: string): Promise<z.infer<typeof LastCheck> | null> {
  try {
    return LastCheck.parse(JSON.parse(await readFile(fileOf(home), "utf8")));
  } catch {
    return null; // a missing or damaged note is no note: the page says that a check is due
  }
}

/** For the health page. Written aside and renamed, so that half a note is never read. */
export function writeLastCheck(home: string, now: number, wrong: number): void {
  const aside = `${fileOf(home)}.new`;
  try {
    writeFileSync(aside, JSON.stringify({ at: new Date(now).toISOString(), wrong }));
    renameSync(aside, fileOf(home));
  } catch {
    // A data home that can only be read (a copy, a snapshot) is checked all the same.
  }
}
