import { randomUUID } from "node:crypto";
import { type MarkerKind, type MarkerPlace, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertVisible } from "../access/index.ts";
import { actorOf } from "../custody/index.ts";
import { keepVersion, type MarkerDeps } from "./keep-version.ts";
import { assertMentionable, setMentions, tellMentioned } from "./mentions.ts";
import { assertPlace, assertSaysSomething } from "./rules.ts";
import { type MarkerRow, partsOf } from "./store.ts";

/** A time line with more than this is one that nobody reads; a program that errs must not fill the table. */
const MOST = 2000;

export interface NewMarker {
  readonly kind: MarkerKind;
  readonly place: MarkerPlace | null;
  readonly label: string;
  readonly note: string;
  readonly mentions: readonly string[];
  /** The still that was made here. */
  readonly derivativeId?: string;
}

/** For people: judged against what they may see and what the item is. */
export async function addMarker(
  tx: Tx,
  deps: MarkerDeps,
  principal: Principal,
  evidenceId: string,
  marker: NewMarker,
): Promise<MarkerRow> {
  await assertVisible(tx, principal, evidenceId);
  assertSaysSomething(marker);
  assertPlace(marker.place, await partsOf(tx, evidenceId));
  const mentions = [...new Set(marker.mentions)];
  await assertMentionable(tx, principal.agencyId, evidenceId, mentions);
  const known = await tx
    .selectFrom("sworn.marker")
    .select("id")
    .where("evidence_id", "=", evidenceId)
    .where("removed_at", "is", null)
    .limit(MOST)
    .execute();
  if (known.length >= MOST)
    throw new Problem("request-malformed", `An item has at most ${MOST} markers. Remove some first.`);
  return await insertMarker(tx, deps, principal, evidenceId, { ...marker, mentions });
}

/** Row, first version and event, on the caller's transaction. The caller has judged all of it. */
export async function insertMarker(
  tx: Tx,
  deps: MarkerDeps,
  principal: Principal,
  evidenceId: string,
  marker: NewMarker,
): Promise<MarkerRow> {
  const { kind, place, label, note, mentions } = marker;
  const row = await tx
    .insertInto("sworn.marker")
    .values({
      id: randomUUID(),
      agency_id: principal.agencyId,
      evidence_id: evidenceId,
      kind,
      take: place?.take ?? null,
      from_ms: place?.fromMs ?? null,
      to_ms: place?.toMs ?? null,
      label,
      note,
      derivative_id: marker.derivativeId ?? null,
      created_by: principal.actorId,
      created_at: new Date(deps.clock.now()),
      changed_by: null,
      changed_at: null,
      removed_by: null,
      removed_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await setMentions(tx, principal, row, mentions);
  await tellMentioned(tx, deps, principal, evidenceId, mentions);
  await keepVersion(tx, deps, { kind: "marker.added", ...actorOf(principal) }, row, mentions);
  return row;
}
