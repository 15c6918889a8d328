import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { KeyRingError } from "./key-ring-error.ts";

/** The text of a secret file, or null when there is none. `key-file-mode` when anybody else may read or write it. */
export function readSecret(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    const { mode } = fstatSync(fd);
    if ((mode & 0o077) !== 0)
      throw new KeyRingError(
        "key-file-mode",
        `${path} can be read or written by others (mode ${(mode & 0o777).toString(8)}). Set it to 600, and treat the key as known to whoever could read it.`,
      );
    return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
}

/** Writes a new secret file durably; never overwrites (`keys-exist`): a lost key is lost for ever. */
export function writeSecret(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  const fd = openSync(temporary, "wx", 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
    linkSync(temporary, path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      throw new KeyRingError("keys-exist", `${path} exists; it is not overwritten.`, error);
    throw error;
  } finally {
    closeSync(fd);
    unlinkSync(temporary);
  }
  for (const synced of [folder, dirname(folder)]) {
    const handle = openSync(synced, "r");
    fsyncSync(handle);
    closeSync(handle);
  }
}
