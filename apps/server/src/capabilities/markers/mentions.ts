import { Problem } from "@sworn/contract";
import { sql, type SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Notify } from "../../ports/notify.ts";
import type { Principal } from "../../ports/http.ts";
import { whoSees } from "../access/index.ts";
import type { MarkerRow } from "./store.ts";

const permission = "marker.read";

/** Refuses whoever cannot see the item in the words for somebody who is not there. */
export async function assertMentionable(
  tx: Tx,
  agencyId: string,
  evidenceId: string,
  ids: readonly string[],
): Promise<void> {
  const seeing = await whoSees(tx, agencyId, { evidenceId, permission }, ids);
  if (seeing.length < new Set(ids).size) throw new Problem("mention-refused");
}

/** People named now; rows of those who are not named any more go, so that no inbox shows them. */
export async function setMentions(
  tx: Tx,
  principal: Principal,
  marker: Pick<MarkerRow, "id" | "evidence_id" | "agency_id">,
  ids: readonly string[],
): Promise<void> {
  let gone = tx.deleteFrom("sworn.mention").where("marker_id", "=", marker.id);
  if (ids.length > 0) gone = gone.where("person_id", "not in", ids);
  await gone.execute();
  if (ids.length === 0) return;
  await tx
    .insertInto("sworn.mention")
    .values(
      ids.map((person_id) => ({
        marker_id: marker.id,
        person_id,
        agency_id: marker.agency_id,
        evidence_id: marker.evidence_id,
        mentioned_by: principal.actorId,
        // Who names themselves has seen it.
        seen_at: person_id === principal.personId ? sql<Date>`now()` : null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Tells those who were named now, but whoever names themselves. */
export async function tellMentioned(
  tx: Tx,
  { notify }: { readonly notify?: Notify | undefined },
  principal: Principal,
  evidenceId: string,
  people: readonly string[],
): Promise<void> {
  for (const personId of people)
    if (personId !== principal.personId)
      await notify?.(tx, principal.agencyId, { kind: "mentioned", personId, evidenceId, byId: principal.actorId });
}

/** More of one name than this are not looked at: then more of it has to be written. */
const LOOKED_AT = 100;

/** People who can see the item and whose name holds this, for completion while somebody writes. */
export async function findMentionable(
  tx: Tx,
  principal: Principal,
  evidenceId: string,
  text: string,
): Promise<{ id: string; name: string }[]> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const rows = await tx
    .selectFrom("sworn.person")
    .select(["id", "name"])
    .where("disabled_at", "is", null)
    .where(sql<SqlBool>`name ilike ${pattern}`)
    .orderBy("name")
    .orderBy("id")
    .limit(LOOKED_AT)
    .execute();
  const ids = rows.map(({ id }) => id);
  const seeing = new Set(await whoSees(tx, principal.agencyId, { evidenceId, permission }, ids, 8));
  return rows.filter(({ id }) => seeing.has(id));
}
