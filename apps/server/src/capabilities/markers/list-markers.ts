import { type Marker, type MarkerHistory, Problem } from "@sworn/contract";
import { sql } from "kysely";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertVisible, isOutside, lockedAmong } from "../access/index.ts";
import { actorOf, appendOncePerQuarterHour } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import type { MarkerDeps } from "./keep-version.ts";
import { assertReadable, describeMarkers, findMarkers, mayName, type Place, placeOf } from "./store.ts";

const Cursor = z.tuple([z.int(), z.int(), z.uuid()]);

/** A page of an item's markers in the order of its time line. That somebody read notes is an event of viewing. */
export async function listMarkers(
  tx: Tx,
  deps: MarkerDeps,
  principal: Principal,
  evidenceId: string,
  page: { readonly limit: number; readonly next: string | undefined },
): Promise<{ items: Marker[]; next: string | null }> {
  await assertVisible(tx, principal, evidenceId);
  // What the agency notes is its own; an item is shared, not what was thought of it.
  if (isOutside(principal)) return { items: [], next: null };
  const after = page.next === undefined ? null : fromCursor(page.next);
  // Before their statement, those involved read what they noted themselves and nothing of what others saw.
  const locked = (await lockedAmong(tx, principal, [evidenceId])).has(evidenceId);
  const by = locked ? principal.actorId : null;
  const rows = await findMarkers(tx, evidenceId, { after, by }, page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  if (shown.length > 0) {
    await sayViewed(tx, deps, principal, evidenceId);
    await sawMentions(
      tx,
      principal,
      shown.map(({ id }) => id),
    );
  }
  return {
    items: await describeMarkers(tx, principal, shown),
    next:
      rows.length > page.limit && last !== undefined
        ? Buffer.from(JSON.stringify([last.take ?? -1, last.from_ms ?? -1, last.id])).toString("base64url")
        : null,
  };
}

/** Every state of one marker, newest first. */
export async function readMarkerHistory(
  tx: Tx,
  deps: MarkerDeps,
  principal: Principal,
  id: string,
): Promise<z.infer<typeof MarkerHistory>> {
  const marker = await tx.selectFrom("sworn.marker").selectAll().where("id", "=", id).executeTakeFirst();
  if (marker === undefined) throw new Problem("not-found");
  if (isOutside(principal)) throw new Problem("not-found");
  await assertVisible(tx, principal, marker.evidence_id);
  await assertReadable(tx, principal, marker);
  await sayViewed(tx, deps, principal, marker.evidence_id);
  const rows = await tx
    .selectFrom("sworn.marker_version")
    .selectAll()
    .where("marker_id", "=", id)
    .orderBy("version", "desc")
    .limit(200)
    .execute();
  const names = await actorNames(tx, [...new Set(rows.map(({ by }) => by))]);
  const named = await mayName(tx, principal, marker);
  return {
    items: rows.map((row) => ({
      version: row.version,
      place: placeOf(row),
      label: named ? row.label : "",
      note: named ? row.note : "",
      removed: row.removed,
      by: { id: row.by, name: names.get(row.by) ?? "" },
      at: row.at.toISOString(),
    })),
  };
}

/** Who reads a note that names them has seen it: it waits for them no longer. */
async function sawMentions(tx: Tx, { personId }: Principal, markers: readonly string[]): Promise<void> {
  if (personId === null) return;
  await tx
    .updateTable("sworn.mention")
    .set({ seen_at: sql<Date>`now()` })
    .where("person_id", "=", personId)
    .where("marker_id", "in", markers)
    .where("seen_at", "is", null)
    .execute();
}

async function sayViewed(tx: Tx, deps: MarkerDeps, principal: Principal, evidenceId: string): Promise<void> {
  await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
    kind: "evidence.notes-read",
    subject: { kind: "evidence", id: evidenceId },
    ...actorOf(principal),
  });
}

function fromCursor(cursor: string): Place {
  try {
    const [take, from, id] = Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { take, from, id };
  } catch (cause) {
    throw new Problem("request-malformed", "This page link is not one that the list gave.", { cause });
  }
}
