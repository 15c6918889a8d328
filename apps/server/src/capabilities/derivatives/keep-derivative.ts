import { toHex } from "@sworn/core";
import type { Selectable } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import { uploaderMaySee } from "../access/index.ts";
import { append } from "../custody/index.ts";
import { type AdmittedFile, recordFile } from "../intake/index.ts";
import { insertMarker } from "../markers/index.ts";
import type { MediaDeps } from "../media/index.ts";
import { categoriesOf, decideAgain, listCategories } from "../retention/index.ts";
import { keepCorrection, lastCorrection } from "../times/index.ts";
import type { Made } from "./render.ts";
import { lockRendering, type RenderingRow, setRendering, type Source } from "./store.ts";

export interface RenderDeps extends MediaDeps {
  readonly clock: Clock;
}

interface Finished {
  readonly row: RenderingRow;
  readonly source: Source;
  readonly made: Made;
  readonly file: AdmittedFile;
  readonly poster: AdmittedFile | null;
  readonly tool: string;
  readonly version: string;
}

/**
 * The derivative's rows and the events of both items, on one transaction. False where it was cancelled meanwhile, or
 * whoever asked may not see the original any more. The original's row is held: nobody changes its class in between.
 */
export async function keepDerivative(tx: Tx, deps: RenderDeps, done: Finished): Promise<boolean> {
  const { row, made } = done;
  if ((await lockRendering(tx, row.id))?.state !== "running") return false;
  const original = await tx
    .selectFrom("sworn.evidence")
    .selectAll()
    .where("id", "=", row.source_id)
    .where("state", "!=", "disposed")
    .forUpdate()
    .executeTakeFirst();
  const asker = { actorId: row.asked_by, personId: row.person_id, deviceId: null };
  if (original === undefined || !(await uploaderMaySee(tx, asker, row.source_id))) {
    await setRendering(tx, row.id, { state: "failed", code: "not-found", ended_at: new Date(deps.clock.now()) });
    return false;
  }
  await insertItem(tx, deps, done, original);
  const categories = await inheritCategories(tx, row, original);
  await decideAgain(tx, [row.id]);
  const job = { agencyId: row.agency_id, id: row.id };
  if (made.facts === null) for (const name of ["probe", "poster"] as const) await deps.jobs.send(tx, name, job);
  await setRendering(tx, row.id, { state: "done", permille: 1000, ended_at: new Date(deps.clock.now()) });
  await sayOfDerivative(tx, deps, done, original, categories);
  await inheritCorrection(tx, deps, done, original);
  await sayOfOriginal(tx, deps, done);
  return true;
}

async function insertItem(
  tx: Tx,
  deps: RenderDeps,
  { row, source, made, file, poster, tool, version }: Finished,
  original: Selectable<EvidenceTable>,
): Promise<void> {
  const now = new Date(deps.clock.now());
  const { facts } = made;
  await recordFile(tx, file);
  await tx
    .insertInto("sworn.evidence")
    .values({
      id: row.id,
      agency_id: row.agency_id,
      title: row.title,
      kind: row.kind === "clip" ? "video" : "photo",
      state: "stored",
      sha256: Buffer.from(file.sha256),
      chunk_root: Buffer.from(file.chunkRoot),
      size: file.size,
      recorded_at:
        original.recorded_at === null ? null : new Date(original.recorded_at.getTime() + source.afterMs + made.fromMs),
      time_source: original.time_source,
      time_uncertainty_ms: original.time_uncertainty_ms,
      time_offset_ms: original.time_offset_ms,
      device_id: original.device_id,
      person_id: original.person_id,
      unit_id: original.unit_id,
      restricted_class_id: original.restricted_class_id,
      source_name: null,
      duration_ms: made.durationMs,
      received_at: now,
      stored_at: now,
      ...(facts === null ? {} : { media_state: "ready" as const, media_facts: JSON.stringify(facts) }),
    })
    .execute();
  await tx
    .insertInto("sworn.derivation")
    .values({
      evidence_id: row.id,
      agency_id: row.agency_id,
      source_id: row.source_id,
      kind: row.kind,
      take: row.take,
      from_ms: made.fromMs,
      to_ms: row.to_ms,
      source_sha256: source.sha256,
      how: JSON.stringify({ tool, version, reencoded: true, askedAtMs: row.from_ms }),
      made_by: row.asked_by,
    })
    .execute();
  if (poster !== null) await recordFile(tx, poster);
}

async function inheritCategories(
  tx: Tx,
  row: RenderingRow,
  original: Selectable<EvidenceTable>,
): Promise<{ id: string; name: string }[]> {
  const ids = (await categoriesOf(tx, [original.id])).get(original.id) ?? [];
  if (ids.length === 0) return [];
  await tx
    .insertInto("sworn.evidence_category")
    .values(ids.map((category_id) => ({ evidence_id: row.id, category_id, agency_id: row.agency_id })))
    .execute();
  await tx.updateTable("sworn.evidence").set({ categories: ids.length }).where("id", "=", row.id).execute();
  const names = new Map((await listCategories(tx)).map(({ id, name }) => [id, name]));
  return ids.map((id) => ({ id, name: names.get(id) ?? id }));
}

async function sayOfDerivative(
  tx: Tx,
  deps: RenderDeps,
  { row, source, made, file, poster, tool, version }: Finished,
  original: Selectable<EvidenceTable>,
  categories: { id: string; name: string }[],
): Promise<void> {
  const of = { subject: { kind: "evidence", id: row.id }, actorId: row.asked_by, actorKind: actorKind(row) } as const;
  const say = (event: Omit<Parameters<typeof append>[3], "subject" | "actorId">): Promise<unknown> =>
    append(tx, deps.custody, row.agency_id, { ...of, ...event });
  const recordedAt =
    original.recorded_at === null ? null : original.recorded_at.getTime() + source.afterMs + made.fromMs;
  await say({
    kind: "evidence.stored",
    hashes: { sha256: toHex(file.sha256), chunkRoot: toHex(file.chunkRoot), source: toHex(source.sha256) },
    details: {
      size: file.size,
      takes: 1,
      file: file.id,
      madeFrom: row.source_id,
      tool,
      version,
      ...(recordedAt === null
        ? {}
        : {
            recordedAt: new Date(recordedAt - original.time_offset_ms).toISOString(),
            offsetMs: original.time_offset_ms,
          }),
    },
  });
  if (poster !== null)
    await say({
      kind: "derivative.stored",
      hashes: { sha256: toHex(poster.sha256) },
      details: { file: poster.id, role: "poster", size: poster.size, tool, version },
    });
  if (categories.length > 0) await say({ kind: "evidence.categorised", details: { categories, before: [] } });
  if (original.restricted_class_id !== null)
    await say({
      kind: "evidence.restricted",
      reason: "made from a restricted item",
      details: { class: original.restricted_class_id, before: null, follows: original.id },
    });
}

/** Its time is the original's, with what was corrected of it. */
async function inheritCorrection(
  tx: Tx,
  deps: RenderDeps,
  { row, source, made }: Finished,
  original: Selectable<EvidenceTable>,
): Promise<void> {
  if (original.recorded_at === null || original.time_offset_ms === 0) return;
  const last = await lastCorrection(tx, original.id);
  if (last === undefined) return;
  const at = original.recorded_at.getTime() - original.time_offset_ms + source.afterMs + made.fromMs;
  const actor = { actorId: row.asked_by, actorKind: actorKind(row) };
  const about = { ...actor, evidenceId: row.id, sourceAt: new Date(at), follows: original.id };
  await keepCorrection(tx, deps, row.agency_id, about, last);
}

async function sayOfOriginal(tx: Tx, deps: RenderDeps, done: Finished): Promise<void> {
  const { row, source, made, file, tool, version } = done;
  const place = { take: row.take, fromMs: made.fromMs, toMs: row.to_ms };
  await append(tx, deps.custody, row.agency_id, {
    kind: "derivative.made",
    subject: { kind: "evidence", id: row.source_id },
    actorId: row.asked_by,
    actorKind: actorKind(row),
    hashes: { sha256: toHex(file.sha256), source: toHex(source.sha256) },
    details: { derivative: row.id, made: row.kind, ...place, tool, version },
  });
  if (row.kind !== "snapshot") return;
  const who = {
    kind: row.person_id === null ? "key" : "person",
    actorId: row.asked_by,
    agencyId: row.agency_id,
    roles: [],
    personId: row.person_id,
    deviceId: null,
  } as const;
  const marker = { kind: "snapshot", place, label: row.title.slice(0, 100), note: "", mentions: [] } as const;
  await insertMarker(tx, deps, who, row.source_id, { ...marker, derivativeId: row.id });
}

const actorKind = (row: RenderingRow): "person" | "service" => (row.person_id === null ? "service" : "person");
