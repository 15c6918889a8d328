import { type ImportTable, MOST_IMPORT_BYTES } from "@sworn/contract";
import { words } from "../../words/index.ts";

/** The bytes as they are in the file, or what was pasted; an error says what to do. */
export async function contentOf(file: File | null, pasted: string): Promise<Pick<ImportTable, "name" | "content">> {
  const chosen = file !== null && file.size > 0;
  if (!chosen && pasted.trim() === "") throw new Error(words.imports.nothing);
  const bytes = chosen ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(pasted);
  if (bytes.length > MOST_IMPORT_BYTES) throw new Error(words.imports.tooLarge);
  // In pieces: as arguments of one call, the bytes of a large file are too many.
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { name: chosen ? file.name.slice(0, 200) : "table.csv", content: btoa(text) };
}
