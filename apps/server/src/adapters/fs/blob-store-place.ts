import { join } from "node:path";
import { BlobError } from "../../ports/blob-store.ts";

/** Temporary files live here, on the same file system as the objects: link() cannot cross. */
export const INCOMING = ".incoming";

const segment = /^[0-9a-f-]{1,100}$/;

/**
 * Where an object lies: the key's own folders, then one fan-out folder `x` + first three characters of the name
 * (4,096 of them, so that millions of objects stay in folders of hundreds). `x` occurs in no key: a fan-out folder
 * and an object can never have the same name. `bad-key` for anything that Sworn would not have made.
 */
export function placeOf(root: string, key: string): { folders: string[]; path: string } {
  const parts = key.split("/");
  if (key.length > 300 || !parts.every((part) => segment.test(part)))
    throw new BlobError("bad-key", "not a key that Sworn makes");
  const name = parts[parts.length - 1] ?? "";
  const folders: string[] = [];
  let folder = root;
  for (const part of [...parts.slice(0, -1), `x${name.slice(0, 3)}`]) {
    folder = join(folder, part);
    folders.push(folder);
  }
  return { folders, path: join(folder, name) };
}

/** The key of a file found at these path parts below the root; null for anything that is not an object. */
export function keyAt(parts: readonly string[]): string | null {
  const name = parts[parts.length - 1] ?? "";
  const fanOut = parts[parts.length - 2] ?? "";
  const own = parts.slice(0, -2);
  if (fanOut !== `x${name.slice(0, 3)}` || ![...own, name].every((part) => segment.test(part))) return null;
  return [...own, name].join("/");
}
