import { parseVkey } from "@sworn/core";

import type { BlobStore } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { KeyRing } from "../../ports/key-ring.ts";
import type { Spool } from "../../ports/spool.ts";
import type { TileStore } from "../../ports/tile-store.ts";
import { makeEvidenceKeys } from "../intake/index.ts";
import { checkAssignments } from "./check-assignments.ts";
import { checkCalls } from "./check-calls.ts";
import { checkClassification } from "./check-classification.ts";
import { checkMarkers } from "./check-markers.ts";
import { checkEntries } from "./check-entries.ts";
import { checkEvidence } from "./check-evidence.ts";
import { checkFiles } from "./check-files.ts";
import { checkDelegations } from "./check-delegations.ts";
import { checkLocks } from "./check-locks.ts";
import { checkMatters } from "./check-matters.ts";
import { checkOrphans } from "./check-orphans.ts";
import { checkOutside, checkPublicCopy, type OutsideView, readPublicCheckpoint } from "./check-outside.ts";
import { checkLooseReferences, checkReferences } from "./check-references.ts";
import { checkRoles } from "./check-roles.ts";
import { checkEventsOfRows, checkRowsOfEvents } from "./check-rows.ts";
import { checkSignIn } from "./check-sign-in.ts";
import { checkSharing } from "./check-sharing.ts";
import { checkSpool } from "./check-spool.ts";
import { checkTakes } from "./check-takes.ts";
import { checkTitles } from "./check-titles.ts";
import { checkTimes } from "./check-times.ts";
import { checkTree, readNote } from "./check-tree.ts";
import { collectFindings, type Finding, type Report } from "./finding.ts";
import type { OnProgress } from "./progress.ts";

export interface CheckDeps {
  readonly database: Database;
  readonly blobStore: BlobStore;
  readonly keyRing: KeyRing;
  readonly tileStore: TileStore;
  /** This node's spool, where it has one: what is received and not yet stored. */
  readonly spool?: Pick<Spool, "node" | "read">;
  readonly clock: Clock;
  /** What differs from the reviewed schema, one line each. */
  readonly schemaDrift: () => Promise<readonly string[]>;
  readonly onProgress?: OnProgress;
  /** A checkpoint (signed note) that was kept elsewhere. */
  readonly outsideCheckpoint?: string;
}

/**
 * Recomputes everything from what is stored and says what is wrong with which item; changes nothing and may
 * run beside the server. Log and catalogue are read in one snapshot, then every object is read whole.
 */
export async function runCheck(deps: CheckDeps): Promise<Finding[]> {
  const { report, findings } = collectFindings();
  const onProgress = deps.onProgress ?? (() => undefined);
  // Before the snapshot: the server may publish more while we read, and never less.
  const published = await readPublicCheckpoint(deps.tileStore, parseVkey(deps.keyRing.logVkey));
  for (const line of await deps.schemaDrift())
    report("schema-drift", "schema", line, `The database's schema is not the reviewed one: ${line}`);
  await deps.database.asChecker((tx) => checkTables(tx, deps, report, onProgress, published));
  const { database, blobStore } = deps;
  const evidenceKeys = makeEvidenceKeys({ keyRing: deps.keyRing });
  await checkFiles({ database, blobStore, evidenceKeys, report, onProgress });
  if (deps.spool !== undefined) await checkSpool({ database, spool: deps.spool, evidenceKeys, report });
  await checkOrphans({ database, blobStore, now: deps.clock.now(), report, onProgress });
  return findings();
}

async function checkTables(
  tx: Tx,
  deps: CheckDeps,
  report: Report,
  onProgress: OnProgress,
  published: OutsideView | "unsigned" | null,
): Promise<void> {
  const key = parseVkey(deps.keyRing.logVkey);
  await checkDeployment(tx, deps.keyRing.logVkey, key.name, report);
  await checkEntries(tx, report, onProgress);
  const outside = deps.outsideCheckpoint === undefined ? undefined : readNote(deps.outsideCheckpoint, key);
  const views = [published, outside].filter((view) => view !== null && view !== undefined && view !== "unsigned");
  const log = await checkTree({ tx, report, key, onProgress, wanted: new Set(views.map(({ size }) => size)) });
  await checkPublicCopy({ tx, tileStore: deps.tileStore, report, onProgress }, published, log);
  if (outside !== undefined) checkOutside(outside, log, report);
  onProgress({ step: "catalogue", done: 0, total: null });
  await checkReferences(tx, report);
  await checkLooseReferences(tx, report);
  await checkRowsOfEvents(tx, report);
  await checkEventsOfRows(tx, report);
  await checkRoles(tx, report);
  await checkSignIn(tx, report);
  await checkClassification(tx, report);
  await checkMarkers(tx, report);
  await checkTimes(tx, report);
  await checkMatters(tx, report);
  await checkCalls(tx, report);
  await checkSharing(tx, report);
  await checkLocks(tx, report);
  await checkDelegations(tx, report);
  await checkAssignments(tx, report);
  await checkEvidence(tx, report);
  await checkTitles(tx, report);
  await checkTakes(tx, report);
}

async function checkDeployment(tx: Tx, vkey: string, origin: string, report: Report): Promise<void> {
  const row = await tx.selectFrom("sworn.deployment").select(["log_origin", "log_vkey"]).executeTakeFirst();
  if (row?.log_vkey === vkey && row.log_origin === origin) return;
  report(
    "log-key-mismatch",
    "deployment",
    origin,
    `The database's log is of ${row?.log_vkey ?? "no key"}; the key at hand is ${vkey}.`,
  );
}
