import { Problem } from "@sworn/contract";
import { toHex } from "@sworn/core";
import type { Tx } from "../../ports/database.ts";
import type { Principal, Reply } from "../../ports/http.ts";
import { problemDocument } from "../../ports/problem-document.ts";
import { assertDownload, assertViewable } from "../access/index.ts";
import { type AppendDeps, actorOf, appendOncePerQuarterHour } from "../custody/index.ts";
import { type ReadDeps, openFileIn } from "../intake/index.ts";
import { disposition, matchesTag, parseRange } from "./rules.ts";
import { type Playable, findFiles, findItem } from "./store.ts";

export interface PlaybackDeps extends ReadDeps {
  readonly custody: AppendDeps;
}

export interface MediaRequest {
  readonly id: string;
  readonly take: number | undefined;
  readonly download: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly withBody: boolean;
}

/**
 * The original's bytes, whole or one range. That somebody watches or downloads is committed before the first byte:
 * a reader whose event cannot be written gets nothing. HEAD shows no byte and is not logged.
 */
export async function serveMedia(deps: PlaybackDeps, principal: Principal, request: MediaRequest): Promise<Reply> {
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertViewable(tx, principal, request.id);
    if (request.download) await assertDownload(tx, principal, request.id);
    const item = await findItem(tx, request.id);
    if (item === undefined || item.state === "disposed") throw new Problem("not-found");
    if (item.state === "live" || item.state === "sealing") throw new Problem("not-stored-yet");
    const files = await findFiles(tx, request.id, "original");
    const file = choose(files, request.take);
    const etag = file.sha256 === null ? null : `"${toHex(file.sha256)}"`;
    const part = files.length > 1 ? file.take : null;
    const kind = request.download ? "attachment" : "inline";
    const headers: Record<string, string> = {
      "content-type": file.mediaType,
      "content-disposition": disposition(kind, item.source_name ?? item.title, file.mediaType, part),
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "accept-ranges": "bytes",
      ...(etag === null ? {} : { etag }),
    };
    if (matchesTag(request.headers["if-none-match"], etag)) return { status: 304, headers };
    const answer = await answerRange(deps, tx, file, request, headers, etag);
    if (request.withBody && (answer.status ?? 200) < 300) {
      await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
        kind: request.download ? "evidence.downloaded" : "evidence.viewed",
        subject: { kind: "evidence", id: request.id },
        ...actorOf(principal),
        details: { take: file.take },
      });
    }
    return answer;
  });
}

function choose(files: readonly Playable[], take: number | undefined): Playable {
  if (take === undefined && files.length > 1)
    throw new Problem("request-malformed", "This item has several parts: say which with ?take=0, 1, …");
  const file = files.find((one) => take === undefined || one.take === take);
  if (file === undefined) throw new Problem("not-found");
  return file;
}

async function answerRange(
  deps: PlaybackDeps,
  tx: Tx,
  file: Playable,
  request: MediaRequest,
  headers: Readonly<Record<string, string>>,
  etag: string | null,
): Promise<Reply> {
  // The size alone: a long recording has thousands of spans, and a range needs one or two.
  const whole = await openFileIn(deps, tx, file.fileId, { start: 0, end: 0 });
  const wanted = { range: request.headers["range"], ifRange: request.headers["if-range"] };
  try {
    // HEAD has no ranges (RFC 9110, section 14.2): it says how much there is.
    const range = request.withBody ? parseRange(wanted, whole.size, etag) : null;
    const { start, end } = range ?? { start: 0, end: whole.size };
    const body = request.withBody ? (await openFileIn(deps, tx, file.fileId, { start, end })).bytes : null;
    const length = { "content-length": String(end - start) };
    if (range === null) return { status: 200, headers: { ...headers, ...length }, body };
    const place = { "content-range": `bytes ${start}-${end - 1}/${whole.size}` };
    return { status: 206, headers: { ...headers, ...length, ...place }, body };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "range-unsatisfiable") throw error;
    const refused = problemDocument(error);
    const place = { "accept-ranges": "bytes", "content-range": `bytes */${whole.size}` };
    return { status: refused.status, headers: { ...refused.headers, ...place }, body: JSON.stringify(refused.body) };
  }
}

/** The newest poster. It belongs to seeing that an item exists, so it is revalidated but not logged. */
export async function servePoster(
  deps: PlaybackDeps,
  principal: Principal,
  id: string,
  ifNoneMatch: string | undefined,
): Promise<Reply> {
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertViewable(tx, principal, id);
    const [poster] = await findFiles(tx, id, "poster");
    if (poster === undefined || poster.sha256 === null) throw new Problem("not-found");
    const etag = `"${toHex(poster.sha256)}"`;
    const headers = { etag, "cache-control": "private, no-cache", "content-type": poster.mediaType };
    if (matchesTag(ifNoneMatch, etag)) return { status: 304, headers };
    const { bytes, size } = await openFileIn(deps, tx, poster.fileId);
    return { headers: { ...headers, "content-length": String(size) }, body: bytes };
  });
}
