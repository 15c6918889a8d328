import { lstat, readdir } from "node:fs/promises";
import { extname, join, relative } from "node:path";

/** A file as a camera left it. Name, size and time together say whether it is still the same. */
export interface FoundFile {
  /** Below the docked folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}
export interface Listing {
  readonly take: FoundFile[];
  /** Positions beside a file of the same name: read, but there is no address that takes them yet. */
  readonly positions: string[];
  readonly notTaken: { readonly name: string; readonly why: string }[];
}

const taken = new Set([".mp4", ".mov"]);
const sidecars = new Set([".nmea", ".gpx"]);

/** Everything below a folder, sorted: what is taken, and by name what is not. Links are not followed: they lead out. */
export async function listFiles(root: string): Promise<Listing> {
  const listing: Listing = { take: [], positions: [], notTaken: [] };
  await walk(root, root, listing);
  return {
    take: listing.take.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    positions: listing.positions.toSorted(),
    notTaken: listing.notTaken.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function walk(root: string, folder: string, listing: Listing): Promise<void> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // The docked folder itself must be readable; one below it is reported like a file.
    if (folder === root) throw error;
    listing.notTaken.push({ name: relative(root, folder), why: "this folder cannot be read" });
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const name = relative(root, path);
    const kind = extname(entry.name).toLowerCase();
    if (entry.isDirectory()) await walk(root, path, listing);
    else if (!entry.isFile()) listing.notTaken.push({ name, why: entry.isSymbolicLink() ? "a link" : "not a file" });
    else if (entry.name.startsWith(".")) continue; // what desktop systems scatter over a card
    else if (sidecars.has(kind)) listing.positions.push(name);
    else if (!taken.has(kind)) listing.notTaken.push({ name, why: "not MP4 or MOV" });
    else {
      const found = await look(path);
      if (found === null) listing.notTaken.push({ name, why: "gone while it was looked at" });
      else listing.take.push({ name, path, ...found });
    }
  }
}

/** Size and time now; null when the file is gone. */
export async function look(path: string): Promise<{ size: number; mtimeMs: number } | null> {
  const stat = await lstat(path).catch(() => null);
  return stat?.isFile() === true ? { size: stat.size, mtimeMs: Math.round(stat.mtimeMs) } : null;
}
