import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { lockedAmong } from "./statement-lock.ts";
import { visibleCall } from "./visible-calls.ts";
import { visibleEvidence } from "./visible-evidence.ts";
import { visibleCase, visibleIncident } from "./visible-matters.ts";

/** Those of these ids that this principal may know of, whatever they stand for. */
export async function knownAmong(tx: Tx, principal: Principal, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const asked = [...new Set(ids)];
  const items = tx.selectFrom("sworn.evidence").select("id").where("id", "in", asked).where(visibleEvidence(principal));
  const incidents = tx
    .selectFrom("sworn.incident")
    .select("id")
    .where("id", "in", asked)
    .where(visibleIncident(principal));
  const cases = tx.selectFrom("sworn.case_file").select("id").where("id", "in", asked).where(visibleCase(principal));
  const calls = tx.selectFrom("sworn.call").select("id").where("id", "in", asked).where(visibleCall(principal));
  const rows = await items.unionAll(incidents).unionAll(cases).unionAll(calls).execute();
  return new Set(rows.map((row) => row.id));
}

/** Those of these ids that this principal is shown: known to them, and not kept from them by a lock. */
export async function shownAmong(tx: Tx, principal: Principal, ids: readonly string[]): Promise<Set<string>> {
  const known = await knownAmong(tx, principal, ids);
  const locked = await lockedAmong(tx, principal, [...known]);
  return new Set([...known].filter((id) => !locked.has(id)));
}
