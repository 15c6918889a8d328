import { type Hash, createHash } from "node:crypto";
import { Problem } from "@sworn/contract";
import { equalBytes } from "@sworn/core";
import { admitSpan, discardSpan } from "./admit.ts";
import { openFile } from "./read-file.ts";
import type { RequestBody } from "./request-body.ts";
import { SNIFF_BYTES, sniffContainer } from "./sniff-container.ts";
import { SPAN_BYTES, type Span } from "./span.ts";
import { splitStream, whenRead } from "./split-stream.ts";
import { type IntakeDeps, expiryOf } from "./upload-deps.ts";
import type { DeclaredChecksum } from "./upload-rules.ts";
import { type Upload, countSpans, moveUpload } from "./upload-store.ts";

/**
 * Takes one body into an upload, from where it stands; answers the new offset. Each 64 MiB becomes a span: durable
 * first, then counted, in order, one transaction each; the last one of a file also begins its sealing. While one span
 * is being synced the next already fills; never more than two are under way. With a checksum nothing is counted
 * before the whole body has matched. What certainly no row names in the end is discarded; where the answer of a commit
 * was lost, a row may name it, and the orphan search decides.
 */
export async function receiveBody(
  deps: IntakeDeps,
  upload: Upload,
  body: RequestBody,
  checksum: DeclaredChecksum | null,
): Promise<number> {
  const hash = checksum === null ? null : createHash(checksum.algorithm);
  const admitted: Span[] = [];
  const perhapsNamed = new Set<Span>();
  let received = upload.received;

  async function count(spans: readonly Span[]): Promise<void> {
    if (spans.length === 0) return;
    for (const span of spans) perhapsNamed.add(span);
    try {
      received = await countAndGoOn(deps, upload, spans);
    } catch (error) {
      // Refused by our own condition, so rolled back. Anything else may have come after the commit was made.
      if (error instanceof Problem && error.code === "offset-conflict")
        for (const span of spans) perhapsNamed.delete(span);
      throw error;
    }
  }
  async function admit(seq: number, startOffset: number, bytes: AsyncIterable<Uint8Array>): Promise<Span> {
    const span = await admitSpan(deps, {
      agencyId: upload.agency_id,
      evidenceId: upload.own_evidence_id,
      fileId: upload.file_id,
      seq,
      startOffset,
      bytes,
      readBack: "later", // the sealing worker reads every span before anything is called stored
    });
    admitted.push(span);
    return span;
  }

  const work: Promise<unknown>[] = [];
  try {
    let seq = await nextSeq(deps, upload);
    let startOffset = upload.received;
    let before: Promise<void> = Promise.resolve();
    for await (const part of splitStream(inspect(deps, upload, body, hash), SPAN_BYTES)) {
      const filling = whenRead(part);
      const span = admit(seq, startOffset, filling.bytes);
      const earlier = before;
      before = Promise.all([span, earlier]).then(([done]) => (hash === null ? count([done]) : undefined));
      work.push(span, before);
      try {
        await Promise.race([filling.read, before]);
        await earlier;
      } catch (error) {
        body.stop("broken"); // before the loop lets go of the stream, which would wait for the next byte
        throw error;
      }
      seq += 1;
      startOffset += SPAN_BYTES;
    }
    await before;
    if (checksum !== null && hash !== null) {
      if (body.end() !== "whole" || !equalBytes(hash.digest(), checksum.digest)) throw new Problem("checksum-mismatch");
      await count(admitted.toSorted((a, b) => a.seq - b.seq));
    }
    return received;
  } finally {
    await Promise.allSettled(work);
    for (const span of admitted) if (!perhapsNamed.has(span)) await discardSpan(deps, span);
  }
}

async function countAndGoOn(deps: IntakeDeps, upload: Upload, spans: readonly Span[]): Promise<number> {
  const now = { at: new Date(deps.clock.now()), expiresAt: expiryOf(deps) };
  return await deps.database.forAgency(upload.agency_id, async (tx) => {
    const { received, complete } = await countSpans(tx, upload.id, spans, now);
    if (complete) {
      await moveUpload(tx, upload.id, "receiving", { state: "sealing" });
      await deps.jobs.send(tx, "seal-upload", { agencyId: upload.agency_id, id: upload.id });
    }
    return received;
  });
}

async function nextSeq(deps: IntakeDeps, upload: Upload): Promise<number> {
  const row = await deps.database.forAgency(upload.agency_id, (tx) =>
    tx
      .selectFrom("sworn.span")
      .select((eb) => eb.fn.max("seq").as("last"))
      .where("file_id", "=", upload.file_id)
      .executeTakeFirst(),
  );
  return row?.last == null ? 0 : row.last + 1;
}

/** The body as it passes: not longer than the file, hashed where a checksum was declared, and a format that is taken. */
async function* inspect(
  deps: IntakeDeps,
  upload: Upload,
  body: RequestBody,
  hash: Hash | null,
): AsyncIterable<Uint8Array> {
  let at = upload.received;
  let start: Buffer | null = at >= SNIFF_BYTES ? null : await startOf(deps, upload);
  for await (const piece of body.bytes) {
    at += piece.length;
    if (at > upload.length) throw new Problem("body-too-large", "More bytes came than the file was announced with.");
    hash?.update(piece);
    if (start !== null) {
      start = Buffer.concat([start, piece.subarray(0, SNIFF_BYTES - start.length)]);
      const kind = sniffContainer(start, at === upload.length);
      if (kind === "refused")
        throw new Problem(
          "format-unsupported",
          "This is not an MP4 or MOV video, whatever its name says. It was not taken.",
        );
      if (kind !== "more") start = null;
    }
    yield piece;
  }
}

/** What an earlier body left of the first bytes: a client may send a file byte by byte. */
async function startOf(deps: IntakeDeps, upload: Upload): Promise<Buffer> {
  if (upload.received === 0) return Buffer.alloc(0);
  const { bytes } = await openFile(deps, upload.agency_id, upload.file_id);
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}
