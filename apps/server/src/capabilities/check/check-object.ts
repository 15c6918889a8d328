import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { CoreError, createUnsealer, equalBytes, type Unsealer } from "@sworn/core";
import { nodeSealCrypto, unwrapKey } from "@sworn/core/node";

import { BlobError, type BlobStore } from "../../ports/blob-store.ts";
import type { SpanRow } from "./rows.ts";
import { spanContext, spanKeyContext } from "../intake/index.ts";
import type { Report } from "./finding.ts";

export interface EvidenceKey {
  readonly id: string;
  /** Null when it is gone or refused: the sealed bytes can still be compared. */
  readonly key: Uint8Array | null;
}

/**
 * Reads one stored object once, whole: sealed size and hash, opening, plain size, hash and CRC. Plain bytes go to
 * `take` as they are proven, in order.
 *
 * @returns whether the plain bytes were all there and right
 */
export async function checkObject(
  deps: { blobStore: BlobStore; report: Report },
  evidence: EvidenceKey,
  span: SpanRow,
  take: (plain: Uint8Array) => void,
): Promise<boolean> {
  const { report } = deps;
  const name = `Object ${span.object_key} (span ${span.seq} of file ${span.file_id}, item ${evidence.id})`;
  const sealed = { hash: createHash("sha256"), size: 0 };
  const plain = { hash: createHash("sha256"), size: 0, crc: 0 };
  const pass = (pieces: readonly Uint8Array[]): void => {
    for (const piece of pieces) {
      plain.hash.update(piece);
      plain.crc = crc32(piece, plain.crc);
      plain.size += piece.length;
      take(piece);
    }
  };
  let unsealer = openSpan(evidence, span, name, report);
  const opened = unsealer !== null;
  try {
    for await (const piece of deps.blobStore.get(span.object_key)) {
      sealed.hash.update(piece);
      sealed.size += piece.length;
      if (unsealer === null) continue;
      unsealer = tryOpen(unsealer, (u) => pass(u.update(piece)), name, span, report);
    }
  } catch (error) {
    const missing = error instanceof BlobError && error.code === "missing";
    const why = error instanceof Error ? error.message : String(error);
    if (missing) report("object-missing", "object", span.object_key, `${name} is missing from the object store.`);
    else report("object-unreadable", "object", span.object_key, `${name} cannot be read: ${why}.`);
    return false;
  }
  if (unsealer !== null) unsealer = tryOpen(unsealer, (u) => pass(u.final()), name, span, report);
  if (sealed.size !== span.sealed_size) {
    report(
      "object-altered",
      "object",
      span.object_key,
      `${name} has ${sealed.size} bytes instead of ${span.sealed_size}.`,
    );
  } else if (!equalBytes(sealed.hash.digest(), span.sealed_sha256)) {
    report(
      "object-altered",
      "object",
      span.object_key,
      `${name} or its recorded hash was changed: the stored bytes hash to something else.`,
    );
  }
  if (!opened || unsealer === null) return false;
  const wrong = [
    plain.size === span.size ? "" : "size",
    equalBytes(plain.hash.digest(), span.sha256) ? "" : "SHA-256",
    plain.crc === span.crc32 ? "" : "CRC-32",
  ].filter((what) => what !== "");
  if (wrong.length === 0) return true;
  report(
    "span-altered",
    "span",
    `${span.file_id}/${span.seq}`,
    `${name} opens, but its recorded ${wrong.join(" and ")} is another.`,
  );
  // What opened is authentic; only the row beside it is wrong, so the file's own hash can still be judged.
  return true;
}

function openSpan(evidence: EvidenceKey, span: SpanRow, name: string, report: Report): Unsealer | null {
  if (evidence.key === null) return null;
  try {
    const context = spanKeyContext(evidence.id, span.object_key);
    const key = unwrapKey(span.wrapped_key, { wrappingKey: evidence.key, context });
    return createUnsealer({ key, context: spanContext(evidence.id, span.object_key), crypto: nodeSealCrypto });
  } catch (error) {
    report(
      "key-refused",
      "span",
      `${span.file_id}/${span.seq}`,
      `The key of ${name} does not open under the item's key (${codeOf(error)}).`,
    );
    return null;
  }
}

/** Null once the container is found damaged: what follows in it cannot be opened. */
function tryOpen(
  unsealer: Unsealer,
  open: (unsealer: Unsealer) => void,
  name: string,
  span: SpanRow,
  report: Report,
): Unsealer | null {
  try {
    open(unsealer);
    return unsealer;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    report("object-altered", "object", span.object_key, `${name} does not open: ${error.message} (${error.code}).`);
    return null;
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
