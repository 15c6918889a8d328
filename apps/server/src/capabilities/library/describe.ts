import type { Evidence, Take } from "@sworn/contract";
import { TimeSource } from "@sworn/contract";
import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import { lockedAmong } from "../access/index.ts";
import { categoriesOf } from "../retention/index.ts";

type Row = Selectable<EvidenceTable>;

const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString("hex"));
const instant = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Rows as the API shows them, with what hangs on them fetched for the whole page at once. */
export async function describe(tx: Tx, principal: Principal, rows: readonly Row[]): Promise<Evidence[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const locked = await lockedAmong(tx, principal, ids);
  const categorised = await categoriesOf(tx, ids);
  const [takes, derived, tracks, devices, people, units, classes, categories] = [
    await readTakes(tx, ids),
    await tx
      .selectFrom("sworn.file")
      .select(["id", "evidence_id", "role"])
      .where("evidence_id", "in", ids)
      .where("role", "in", ["poster", "captions"])
      .where("state", "=", "stored")
      .orderBy("created_at")
      .orderBy("id", "desc")
      .execute(),
    await tx.selectFrom("sworn.track").select("evidence_id").where("evidence_id", "in", ids).execute(),
    await names(
      tx,
      "sworn.device",
      rows.map(({ device_id }) => device_id),
    ),
    await names(
      tx,
      "sworn.person",
      rows.map(({ person_id }) => person_id),
    ),
    await names(
      tx,
      "sworn.unit",
      rows.map(({ unit_id }) => unit_id),
    ),
    await names(
      tx,
      "sworn.restricted_class",
      rows.map(({ restricted_class_id }) => restricted_class_id),
    ),
    await names(tx, "sworn.category", [...categorised.values()].flat()),
  ];
  const posters = new Set(derived.filter(({ role }) => role === "poster").map((file) => file.evidence_id));
  // The newest is the last of them.
  const captions = new Map(
    derived.filter(({ role }) => role === "captions").map((file) => [file.evidence_id, file.id]),
  );
  const tracked = new Set(tracks.map((track) => track.evidence_id));
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    kind: row.kind,
    state: row.state,
    sha256: hex(row.sha256),
    chunkRoot: hex(row.chunk_root),
    size: row.size,
    recordedAt: instant(row.recorded_at),
    timeSource: TimeSource.catch("unknown").parse(row.time_source),
    timeUncertaintyMs: row.time_uncertainty_ms,
    timeOffsetMs: row.time_offset_ms,
    receivedAt: row.received_at.toISOString(),
    storedAt: instant(row.stored_at),
    sourceName: row.source_name,
    signedAtSource: row.signed_at_source,
    device: pick(devices, row.device_id),
    person: pick(people, row.person_id),
    media: { state: row.media_state, code: row.media_code, detail: row.media_detail, facts: row.media_facts },
    unit: pick(units, row.unit_id),
    categories: (categorised.get(row.id) ?? []).flatMap((id) => pick(categories, id) ?? []),
    restricted: pick(classes, row.restricted_class_id),
    held: row.holds > 0,
    keepUntil: row.keep_until,
    locked: locked.has(row.id),
    hasPoster: posters.has(row.id) && !locked.has(row.id),
    hasTrack: tracked.has(row.id) && !locked.has(row.id),
    captionsId: locked.has(row.id) ? null : (captions.get(row.id) ?? null),
    takes: takes.get(row.id) ?? [],
  }));
}

async function names(
  tx: Tx,
  table: "sworn.device" | "sworn.person" | "sworn.unit" | "sworn.restricted_class" | "sworn.category",
  ids: readonly (string | null)[],
): Promise<Map<string, string>> {
  const known = [...new Set(ids.filter((id) => id !== null))];
  if (known.length === 0) return new Map();
  const rows = await tx.selectFrom(table).select(["id", "name"]).where("id", "in", known).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function pick(of: ReadonlyMap<string, string>, id: string | null): { id: string; name: string } | null {
  const name = id === null ? undefined : of.get(id);
  return id === null || name === undefined ? null : { id, name };
}

/** Takes of recordings; an uploaded file shows as its one part. */
async function readTakes(tx: Tx, ids: readonly string[]): Promise<Map<string, Take[]>> {
  const takes = await tx
    .selectFrom("sworn.take")
    .selectAll()
    .where("recording_id", "in", ids)
    .orderBy("recording_id")
    .orderBy("take")
    .execute();
  const files = await tx
    .selectFrom("sworn.file")
    .selectAll()
    .where("evidence_id", "in", ids)
    .where("role", "=", "original")
    .orderBy("take")
    .execute();
  const byEvidence = new Map<string, Take[]>();
  // A camera may have begun thousands of takes: every step here is a look-up, since it runs on the one thread.
  const filesOfTakes = new Set(takes.map((take) => take.file_id));
  const add = (id: string, take: Take): void => {
    const known = byEvidence.get(id);
    if (known === undefined) byEvidence.set(id, [take]);
    else known.push(take);
  };
  for (const take of takes)
    add(take.recording_id, {
      take: take.take,
      state: take.state,
      sha256: hex(take.sha256),
      chunkRoot: hex(take.chunk_root),
      fragmentRoot: hex(take.fragment_root),
      fragments: take.fragments,
      size: take.size,
      startedAt: instant(take.opened_at),
      durationMs: take.duration_ms,
    });
  for (const file of files)
    if (!filesOfTakes.has(file.id))
      add(file.evidence_id, {
        take: file.take,
        state: file.state === "stored" ? "stored" : "sealing",
        sha256: hex(file.sha256),
        chunkRoot: hex(file.chunk_root),
        fragmentRoot: null,
        fragments: null,
        size: file.size,
        startedAt: null,
        durationMs: null,
      });
  return byEvidence;
}
