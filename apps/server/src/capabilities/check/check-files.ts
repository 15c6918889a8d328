import { createHash } from "node:crypto";
import { createChunkRoot, equalBytes } from "@sworn/core";
import { nodeSha256, startNodeSha256 } from "@sworn/core/node";

import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { FileRow, FragmentRow, SpanRow } from "./rows.ts";
import type { EvidenceKeys } from "../intake/index.ts";
import { checkObject, codeOf, type EvidenceKey } from "./check-object.ts";
import type { Report } from "./finding.ts";
import { matchFragments } from "./match-fragments.ts";
import type { OnProgress } from "./progress.ts";

export interface FilesCheck {
  readonly database: Database;
  readonly blobStore: BlobStore;
  readonly evidenceKeys: EvidenceKeys;
  readonly report: Report;
  readonly onProgress: OnProgress;
}

interface Loaded {
  readonly file: FileRow;
  readonly spans: readonly SpanRow[];
  readonly fragments: readonly FragmentRow[];
  readonly evidence: EvidenceKey;
}

/**
 * Every byte that is stored: each span's object, then the file they make together. A page of files is one short
 * transaction; objects are read outside of it, because that may take hours.
 */
export async function checkFiles(check: FilesCheck): Promise<void> {
  const total = await check.database.asChecker(async (tx) => {
    const row = await tx
      .selectFrom("sworn.span")
      .select(({ fn }) => fn.sum<string | null>("sealed_size").as("bytes"))
      .executeTakeFirst();
    return Number(row?.bytes ?? 0);
  });
  let after: string | null = null;
  let done = 0;
  for (;;) {
    const id: string | null = after;
    const loaded: Loaded | null = await check.database.asChecker((tx) => loadNext(tx, check, id));
    if (loaded === null) break;
    await checkFile(check, loaded, (bytes) => {
      done += bytes;
      check.onProgress({ step: "objects", done, total: Math.max(total, done) });
    });
    after = loaded.file.id;
  }
}

async function loadNext(tx: Tx, check: FilesCheck, after: string | null): Promise<Loaded | null> {
  let query = tx.selectFrom("sworn.file").selectAll().orderBy("id").limit(1);
  if (after !== null) query = query.where("id", ">", after);
  const file = await query.executeTakeFirst();
  if (file === undefined) return null;
  const spans = await tx
    .selectFrom("sworn.span")
    .selectAll()
    .where("file_id", "=", file.id)
    .orderBy("start_offset")
    .orderBy("seq")
    .execute();
  const fragments = await tx
    .selectFrom("sworn.fragment as f")
    .innerJoin("sworn.take as t", "t.id", "f.take_id")
    .selectAll("f")
    .where("t.file_id", "=", file.id)
    .where("f.file_offset", "is not", null)
    .orderBy("f.file_offset")
    .execute();
  const key = spans.length === 0 ? null : await openKey(tx, check, file.evidence_id);
  return { file, spans, fragments, evidence: { id: file.evidence_id, key } };
}

async function openKey(tx: Tx, { evidenceKeys, report }: FilesCheck, evidenceId: string): Promise<Uint8Array | null> {
  try {
    return await evidenceKeys.open(tx, evidenceId);
  } catch (error) {
    const code = codeOf(error);
    if (code === "not-found")
      report(
        "key-missing",
        "evidence",
        evidenceId,
        `The key of item ${evidenceId} is gone: its bytes cannot be opened.`,
      );
    else
      report(
        "key-refused",
        "evidence",
        evidenceId,
        `The key of item ${evidenceId} does not open under the master key (${code}).`,
      );
    return null;
  }
}

async function checkFile(
  check: FilesCheck,
  { file, spans, fragments, evidence }: Loaded,
  read: (bytes: number) => void,
): Promise<void> {
  const { report } = check;
  const name = `File ${file.id} (${file.role}${file.role === "original" ? ` ${file.take + 1}` : ""} of item ${file.evidence_id})`;
  const whole = createHash("sha256");
  const chunks = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
  const matcher = matchFragments(fragments, file, report);
  let complete = true;
  let size = 0;
  for (const [position, span] of spans.entries()) {
    if (span.seq !== position || span.start_offset !== size) {
      report(
        "spans-incomplete",
        "file",
        file.id,
        `${name}: span ${span.seq} begins at byte ${span.start_offset}; span ${position} at byte ${size} was expected.`,
      );
      complete = false;
    }
    matcher.seek(span.start_offset);
    const right = await checkObject(check, evidence, span, (plain) => {
      whole.update(plain);
      chunks.update(plain);
      matcher.update(plain);
    });
    complete &&= right;
    size = span.start_offset + span.size;
    read(span.sealed_size);
  }
  matcher.end(size);
  if (file.state !== "stored") return;
  if (size !== file.size)
    report("spans-incomplete", "file", file.id, `${name} has ${size} bytes in its spans and ${file.size} in its row.`);
  if (!complete || size !== file.size) return;
  if (file.sha256 === null || !equalBytes(whole.digest(), file.sha256)) {
    report("file-altered", "file", file.id, `${name}: its bytes do not give the SHA-256 in its row.`);
  }
  if (file.chunk_root === null || !equalBytes(chunks.finish().root, file.chunk_root)) {
    report("file-altered", "file", file.id, `${name}: its bytes do not give the chunk root in its row.`);
  }
}
