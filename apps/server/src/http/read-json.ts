import type { IncomingMessage } from "node:http";
import { Problem } from "@sworn/contract";

const MAX_BYTES = 1024 * 1024;
const DEADLINE_MS = 10_000;

/**
 * Reads a JSON body of at most 1 MiB within 10 s. Ours rather than the framework's, so that one parser judges every
 * body: content-type tricks (tabs, trailing text) have skipped validation elsewhere.
 * Problems: media-type-unsupported, body-too-large, client-too-slow, request-malformed.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json *(; *charset=utf-8 *)?$/i.test(type)) throw new Problem("media-type-unsupported");
  const bytes = await readBody(request, MAX_BYTES, DEADLINE_MS);
  if (bytes.length === 0) throw new Problem("request-malformed", "The body is empty; JSON was expected.");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(text, refuseProto);
  } catch (cause) {
    throw new Problem("request-malformed", "The body is not JSON.", { cause });
  }
}

/** `__proto__` as a key can only be an attack; dropping it silently would hide it. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("__proto__ is not a name");
  return value;
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
