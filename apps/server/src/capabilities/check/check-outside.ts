import { equalBytes, type VerifierKey } from "@sworn/core";

import type { Tx } from "../../ports/database.ts";
import type { TileStore } from "../../ports/tile-store.ts";
import { CHECKPOINT_PATH, publicFilesOf } from "../custody/index.ts";
import { readNote } from "./check-tree.ts";
import type { Report } from "./finding.ts";
import type { OnProgress } from "./progress.ts";

/** A statement about the log that does not come from its tables. */
export interface OutsideView {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The checkpoint of the public copy as it was before the tables are read; null where there is none that is signed. */
export async function readPublicCheckpoint(
  tileStore: TileStore,
  key: VerifierKey,
): Promise<OutsideView | "unsigned" | null> {
  const bytes = await tileStore.get(CHECKPOINT_PATH);
  return bytes === null ? null : (readNote(bytes, key) ?? "unsigned");
}

/** Holds the public copy against the tables: nothing it says may be missing there, and every tile must be as computed. */
export async function checkPublicCopy(
  deps: { tx: Tx; tileStore: TileStore; report: Report; onProgress: OnProgress },
  view: OutsideView | "unsigned" | null,
  log: { size: number; roots: ReadonlyMap<number, Uint8Array> },
): Promise<void> {
  const { report } = deps;
  if (view === null) {
    if (log.size > 0)
      report("public-copy-missing", "public copy", CHECKPOINT_PATH, "The log's public copy has no checkpoint.");
    return;
  }
  if (view === "unsigned") {
    return report(
      "public-copy-altered",
      "public copy",
      CHECKPOINT_PATH,
      "The checkpoint of the log's public copy is not signed by this log's key.",
    );
  }
  if (view.size > log.size) {
    return report(
      "public-copy-ahead",
      "public copy",
      CHECKPOINT_PATH,
      `The log's public copy was signed for ${view.size} entries, and the database holds ${log.size}: the database was rolled back.`,
    );
  }
  const root = log.roots.get(view.size);
  if (root !== undefined && !equalBytes(root, view.root)) {
    report(
      "log-forked",
      "public copy",
      CHECKPOINT_PATH,
      `The log's public copy was signed for ${view.size} entries with another root: history was rewritten.`,
    );
  }
  if (view.size < log.size) {
    report(
      "public-copy-behind",
      "public copy",
      CHECKPOINT_PATH,
      `The log's public copy covers ${view.size} of ${log.size} entries; the server writes the rest.`,
    );
  }
  let done = 0;
  try {
    for await (const { path, bytes } of publicFilesOf(deps.tx, view.size)) {
      const found = await deps.tileStore.get(path);
      if (found === null)
        report("public-copy-missing", "public copy", path, `${path} of the log's public copy is missing.`);
      else if (!equalBytes(found, bytes))
        report(
          "public-copy-altered",
          "public copy",
          path,
          `${path} of the log's public copy is not what the database gives.`,
        );
      done += 1;
      if (done % 100 === 0) deps.onProgress({ step: "public copy", done, total: null });
    }
  } catch {
    // Nodes are missing: the tree's own check has named them; what the tiles should be cannot be told.
  }
}

/** Holds the log against a checkpoint that was kept elsewhere: the only view that a rollback with its tiles cannot follow. */
export function checkOutside(
  view: OutsideView | null,
  log: { size: number; roots: ReadonlyMap<number, Uint8Array> },
  report: Report,
): void {
  if (view === null) {
    return report(
      "outside-unreadable",
      "checkpoint",
      "outside",
      "The checkpoint that was given is not signed by this log's key, or is no checkpoint.",
    );
  }
  if (view.size > log.size) {
    return report(
      "log-rolled-back",
      "checkpoint",
      String(view.size),
      `The checkpoint that was given covers ${view.size} entries and the log holds ${log.size}: entries that were signed are gone.`,
    );
  }
  const root = log.roots.get(view.size);
  if (view.size > 0 && (root === undefined || !equalBytes(root, view.root))) {
    report(
      "log-forked",
      "checkpoint",
      String(view.size),
      `The log's first ${view.size} entries are not those of the checkpoint that was given: history was rewritten.`,
    );
  }
}
