import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { UploadSource } from "@sworn/sdk";
import { type FoundFile, look } from "./list-files.ts";

/** The file is not what it was when its hash was taken; `name` is what the SDK knows such failures by. */
export class SourceChanged extends Error {
  override readonly name = "NotReadableError";
}

const PIECE = 1024 * 1024;

/** Lower-case hex SHA-256 of the whole file. Throws SourceChanged when it changed meanwhile, else the disk's error. */
export async function hashFile(file: FoundFile, onRead: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of createReadStream(file.path, { highWaterMark: PIECE, signal })) {
    hash.update(piece as Buffer);
    size += (piece as Buffer).length;
    onRead(size);
  }
  if (size !== file.size || !(await isSame(file))) throw new SourceChanged(`${file.name} changed while it was read.`);
  return hash.digest("hex");
}

export async function isSame(file: FoundFile): Promise<boolean> {
  const now = await look(file.path);
  return now !== null && now.size === file.size && now.mtimeMs === file.mtimeMs;
}

/** The file for the SDK: any range as a stream, refused once it is no longer the file that was hashed. */
export function sourceOf(file: FoundFile, title: string): UploadSource {
  return {
    name: title,
    size: file.size,
    type: file.name.toLowerCase().endsWith(".mov") ? "video/quicktime" : "video/mp4",
    read: (start, end) => ReadableStream.from(piecesOf(file, start, end)),
  };
}

async function* piecesOf(file: FoundFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  let left = end - start;
  for await (const piece of createReadStream(file.path, { start, end: end - 1, highWaterMark: PIECE })) {
    left -= (piece as Buffer).length;
    if (left === 0 && !(await isSame(file))) break;
    yield piece as Buffer;
  }
  if (left !== 0 || !(await isSame(file))) throw new SourceChanged(`${file.name} changed while it was sent.`);
}
