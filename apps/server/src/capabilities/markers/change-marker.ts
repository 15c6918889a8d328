import { type ChangeMarker, type MarkerPlace, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { actorOf } from "../custody/index.ts";
import { keepVersion, type MarkerDeps } from "./keep-version.ts";
import { assertMentionable, setMentions, tellMentioned } from "./mentions.ts";
import { assertPlace, assertSaysSomething, mayChange } from "./rules.ts";
import { assertReadable, type MarkerRow, partsOf, placeOf } from "./store.ts";

type Change = Omit<ChangeMarker, "place"> & { readonly place?: MarkerPlace | null | undefined };

/** A new state beside the old ones: other words, another place, removed, or back again. The same once more is nothing. */
export async function changeMarker(
  tx: Tx,
  deps: MarkerDeps,
  principal: Principal,
  id: string,
  change: Change,
): Promise<MarkerRow> {
  const before = await lockMarker(tx, principal, id);
  if (!mayChange(principal, before))
    throw new Problem("not-allowed", "Only who wrote it, a supervisor or a custodian can change this.");
  const gone = before.removed_at !== null;
  if (gone && change.removed !== false)
    throw new Problem("not-found", "This was removed. Take the removal back first, then change it.");
  const named = await mentionsOf(tx, before);
  const place = change.place === undefined ? placeOf(before) : change.place;
  const texts = { label: change.label ?? before.label, note: change.note ?? before.note };
  // Who was named and may not see the item any more cannot be named anew, but stays where they stood.
  const mentions = [...new Set(change.mentions ?? named)];
  const removed = change.removed ?? gone;
  if (!removed) {
    assertSaysSomething(texts);
    if (change.place !== undefined) assertPlace(place, await partsOf(tx, before.evidence_id));
    const added = mentions.filter((person) => !named.includes(person));
    await assertMentionable(tx, principal.agencyId, before.evidence_id, added);
  }
  const next = { ...texts, take: place?.take ?? null, from_ms: place?.fromMs ?? null, to_ms: place?.toMs ?? null };
  const same =
    removed === gone &&
    (Object.keys(next) as (keyof typeof next)[]).every((name) => next[name] === before[name]) &&
    mentions.toSorted().join() === named.toSorted().join();
  if (same) return before;
  const at = new Date(deps.clock.now());
  const row = await tx
    .updateTable("sworn.marker")
    .set({
      ...next,
      version: before.version + 1,
      changed_by: principal.actorId,
      changed_at: at,
      removed_by: removed ? principal.actorId : null,
      removed_at: removed ? at : null,
    })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  // A note that is gone is in nobody's inbox.
  await setMentions(tx, principal, row, removed ? [] : mentions);
  const added = removed ? [] : mentions.filter((person) => !named.includes(person));
  await tellMentioned(tx, deps, principal, row.evidence_id, added);
  const kind = removed ? "marker.removed" : "marker.changed";
  await keepVersion(tx, deps, { kind, ...actorOf(principal), restored: gone && !removed }, row, mentions);
  return row;
}

/** The row, held; `not-found` where it is not there or its item is not theirs to see. */
async function lockMarker(tx: Tx, principal: Principal, id: string): Promise<MarkerRow> {
  const row = await tx.selectFrom("sworn.marker").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  const item = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where("id", "=", row.evidence_id)
    .where(visibleEvidence(principal))
    .executeTakeFirst();
  if (item === undefined) throw new Problem("not-found");
  await assertReadable(tx, principal, row);
  return row;
}

/** From the last version: rows of the inbox go with a removal. */
async function mentionsOf(tx: Tx, marker: MarkerRow): Promise<string[]> {
  const last = await tx
    .selectFrom("sworn.marker_version")
    .select("mentions")
    .where("marker_id", "=", marker.id)
    .where("version", "=", marker.version)
    .executeTakeFirst();
  return last?.mentions ?? [];
}
