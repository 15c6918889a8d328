import { randomUUID } from "node:crypto";
import { createChunkRoot } from "@sworn/core";
import { nodeSha256, startNodeSha256 } from "@sworn/core/node";
import type { Tx } from "../../ports/database.ts";
import type { FileTable } from "../../ports/tables.ts";
import { type AdmitDeps, admitSpan, discardSpan, recordSpan } from "./admit.ts";
import { splitStream } from "./split-stream.ts";
import { SPAN_BYTES, type Span } from "./span.ts";

export interface FileSource {
  readonly agencyId: string;
  /** A derivative shares its source's evidence id and key: disposal takes both. */
  readonly evidenceId: string;
  readonly role: FileTable["role"];
  readonly take?: number;
  readonly mediaType: string;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Tool, version, parameters: how it came to be. */
  readonly madeBy?: unknown;
}

/** A file whose bytes are durable and whose rows are not written yet. */
export interface AdmittedFile {
  readonly id: string;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly chunkRoot: Uint8Array;
  readonly spans: readonly Span[];
  readonly source: Omit<FileSource, "bytes">;
}

/**
 * Takes in a whole file that the server made (poster, positions, clip). Two steps, because a transaction may be run
 * twice and must not hold while a disk works: this one makes the bytes durable, `recordFile` makes them exist.
 */
export async function admitFile(deps: AdmitDeps, source: FileSource): Promise<AdmittedFile> {
  const id = randomUUID();
  const whole = startNodeSha256();
  const chunks = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
  const spans: Span[] = [];
  let startOffset = 0;
  try {
    for await (const part of splitStream(source.bytes, SPAN_BYTES)) {
      const span = await admitSpan(deps, {
        agencyId: source.agencyId,
        evidenceId: source.evidenceId,
        fileId: id,
        seq: spans.length,
        startOffset,
        bytes: tee(part, (piece) => {
          whole.update(piece);
          chunks.update(piece);
        }),
      });
      spans.push(span);
      startOffset += span.size;
    }
  } catch (error) {
    for (const span of spans) await discardSpan(deps, span);
    throw error;
  }
  const { bytes: _, ...about } = source;
  return { id, size: startOffset, sha256: whole.digest(), chunkRoot: chunks.finish().root, spans, source: about };
}

/** Writes the rows of an admitted file on the caller's transaction; answers its id. */
export async function recordFile(tx: Tx, file: AdmittedFile): Promise<string> {
  const { source } = file;
  await tx
    .insertInto("sworn.file")
    .values({
      id: file.id,
      agency_id: source.agencyId,
      evidence_id: source.evidenceId,
      role: source.role,
      take: source.take ?? 0,
      media_type: source.mediaType,
      state: "stored",
      size: file.size,
      sha256: file.sha256,
      chunk_root: file.chunkRoot,
      made_by: source.madeBy === undefined ? null : JSON.stringify(source.madeBy),
    })
    .execute();
  for (const span of file.spans) await recordSpan(tx, span);
  return file.id;
}

async function* tee(bytes: AsyncIterable<Uint8Array>, see: (piece: Uint8Array) => void): AsyncIterable<Uint8Array> {
  for await (const piece of bytes) {
    see(piece);
    yield piece;
  }
}
