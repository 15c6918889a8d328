import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { TileStore } from "../../ports/tile-store.ts";

/** Only what the log itself writes: nothing from a request's path can leave the folder. */
const PATH = /^(?:checkpoint|tile\/(?:entries|\d{1,2})\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/;

/**
 * The log's public copy in a folder. A put is whole or not there; it is not fsynced, because the database
 * is the source and the next start writes again what a loss of power took.
 */
export function openFileTileStore(folder: string): TileStore {
  const place = (path: string): string => {
    if (!PATH.test(path)) throw new TypeError(`${JSON.stringify(path)} is no tile of the log.`);
    return join(folder, path);
  };
  return {
    async put(path, bytes) {
      const target = place(path);
      const aside = `${target}.${randomBytes(6).toString("hex")}.new`;
      await mkdir(dirname(target), { recursive: true });
      try {
        const file = await open(aside, "wx");
        try {
          await file.writeFile(bytes);
        } finally {
          await file.close();
        }
        await rename(aside, target);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    },
    async get(path) {
      try {
        return await readFile(place(path));
      } catch (error) {
        if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
          return null;
        throw error;
      }
    },
  };
}
