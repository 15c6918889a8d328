import type { IncomingMessage } from "node:http";
import { Problem } from "@sworn/contract";

const MAX_BYTES = 1024 * 1024;
/** From somebody who has proven nothing: what a form needs. */
export const STRANGERS_BYTES = 16 * 1024;
const DEADLINE_MS = 10_000;

/**
 * Reads a JSON body of at most `maxBytes` (1 MiB) within 10 s. Ours rather than the framework's, so that one parser judges every
 * body: content-type tricks (tabs, trailing text) have skipped validation elsewhere.
 * Problems: media-type-unsupported, body-too-large, client-too-slow, request-malformed.
 */
export async function readJson(request: IncomingMessage, maxBytes = MAX_BYTES): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json *(; *charset=utf-8 *)?$/i.test(type)) throw new Problem("media-type-unsupported");
  const bytes = await readBody(request, maxBytes, DEADLINE_MS);
  if (bytes.length === 0) throw new Problem("request-malformed", "The body is empty; JSON was expected.");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    refuseHostile(value);
    return value;
  } catch (cause) {
    throw new Problem("request-malformed", "The body is not JSON.", { cause });
  }
}

/**
 * `__proto__` as a key can only be an attack; dropping it silently would hide it. NUL and half characters are no text
 * that the database or the log could keep. A walk without recursion: a reviver took seconds for one MiB of numbers.
 */
function refuseHostile(whole: unknown): void {
  const rest: unknown[] = [whole];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === "string") assertText(value);
    else if (Array.isArray(value)) for (const each of value as unknown[]) rest.push(each);
    else if (typeof value === "object" && value !== null)
      for (const [key, each] of Object.entries(value)) {
        if (key === "__proto__") throw new SyntaxError("__proto__ is not a name");
        assertText(key);
        rest.push(each);
      }
  }
}

function assertText(text: string): void {
  if (text.includes("\0") || !text.isWellFormed()) throw new SyntaxError("not text");
}

/** Collects a whole small body; the connection is closed by the caller's error path when limits are passed. */
export async function readBody(request: IncomingMessage, maxBytes: number, deadlineMs: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > maxBytes) throw new Problem("body-too-large");
  const parts: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => request.destroy(new Problem("client-too-slow")), deadlineMs);
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) throw new Problem("body-too-large");
      parts.push(part);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(parts);
}
