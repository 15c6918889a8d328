import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes aside, fsyncs, renames, fsyncs the folder: after it returns the file is whole under its name, or was never there. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const aside = `${path}.part`;
  const file = await open(aside, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
  await syncFolder(dirname(path));
}

/**
 * Adds lines and fsyncs, the folder too where the file is new. A line that a crash cut in half has no newline: it never
 * counted, and is taken away before the next one would become part of it.
 */
export async function appendDurably(path: string, lines: string): Promise<void> {
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const whole = size === 0 ? 0 : await endOfLastLine(file, size);
    if (whole < size) await file.truncate(whole);
    await file.appendFile(`${lines}\n`);
    await file.datasync();
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/** Where the last newline ends; looked for from the end, since these files grow for hours. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const piece = Buffer.alloc(4096);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - piece.length);
    const { bytesRead } = await file.read(piece, 0, end - start, start);
    const newline = piece.subarray(0, bytesRead).lastIndexOf("\n");
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
