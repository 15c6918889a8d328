import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";

/**
 * A WOFF 1.0 file as the TrueType file that it packs. The PDF library reads packed tables one by one and stumbles over
 * an empty glyph at the end of one, such as the space of most subsets; in a whole file it finds the next table there.
 */
export function unpackFont(path: string): Buffer {
  const woff = readFileSync(path);
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new TypeError(`${path} is not a WOFF file.`);
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  const selector = Math.floor(Math.log2(count));
  head.writeUInt16BE(16 * 2 ** selector, 6);
  head.writeUInt16BE(selector, 8);
  head.writeUInt16BE(16 * (count - 2 ** selector), 10);
  const tables: Buffer[] = [head];
  let end = head.length;
  for (let at = 0; at < count; at += 1) {
    const entry = 44 + 20 * at;
    const [offset, packed, whole] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field));
    const raw = woff.subarray(offset, (offset ?? 0) + (packed ?? 0));
    const table = packed === whole ? raw : inflateSync(raw, { maxOutputLength: whole ?? 0 });
    woff.copy(head, 12 + 16 * at, entry, entry + 4);
    woff.copy(head, 16 + 16 * at, entry + 16, entry + 20);
    head.writeUInt32BE(end, 20 + 16 * at);
    head.writeUInt32BE(table.length, 24 + 16 * at);
    const padding = Buffer.alloc((4 - (table.length % 4)) % 4);
    tables.push(table, padding);
    end += table.length + padding.length;
  }
  return Buffer.concat(tables);
}
