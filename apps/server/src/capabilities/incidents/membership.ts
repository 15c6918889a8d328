import { type MembershipAnswer, Problem } from "@sworn/contract";
import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { IncidentTable } from "../../ports/matter-tables.ts";
import { assertSeesIncident, lockedBy, seesIncident } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { lockItems } from "../retention/index.ts";
import type { IncidentDeps } from "./incident-deps.ts";
import { createIncident } from "./write-incident.ts";

type Incident = Pick<Selectable<IncidentTable>, "id" | "number">;
export type How = "hand" | "number" | "suggested" | "call";

/** An incident is one event: more items than this are a case, or a mistake. */
const MOST_ITEMS = 1000;

/** Puts items into an incident that the principal sees. One that waited for somebody who sees it is confirmed. */
export async function addToIncident(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  id: string,
  request: { readonly ids: readonly string[]; readonly how: How; readonly dryRun: boolean },
): Promise<MembershipAnswer> {
  await assertSeesIncident(tx, principal, id);
  return await putIn(tx, deps, principal, { ...request, incident: await findIncident(tx, id), opens: true });
}

/**
 * Gives items the number of an incident; one that is not there is made. Where it is there and not this principal's to
 * see, the items wait for somebody who does, and the answer does not name it.
 */
export async function giveIncident(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  request: { readonly ids: readonly string[]; readonly number: string; readonly how: How; readonly dryRun: boolean },
): Promise<MembershipAnswer> {
  const { number, dryRun } = request;
  const known = await tx
    .selectFrom("sworn.incident")
    .select(["id", "number"])
    .where("number", "=", number)
    .executeTakeFirst();
  const seen = known === undefined || (await seesIncident(tx, principal, known.id));
  const blank = { kind: "", place: "", lat: null, lon: null, from: null, to: null, people: [], outcomes: [] };
  // Its items first, so that a number without a single item of theirs makes no incident.
  const { rows } = await lockItems(tx, principal, request.ids);
  const incident =
    known ?? (dryRun || rows.length === 0 ? null : await createIncident(tx, deps, principal, { number, ...blank }));
  const answer = await putIn(tx, deps, principal, { ...request, incident, opens: seen });
  return { ...answer, matter: { id: seen ? (incident?.id ?? null) : null, number } };
}

async function putIn(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  request: {
    /** Null: it would be made. */
    readonly incident: Incident | null;
    readonly ids: readonly string[];
    readonly how: How;
    readonly dryRun: boolean;
    readonly opens: boolean;
  },
): Promise<MembershipAnswer> {
  const { incident, how, opens } = request;
  const { rows, missing } = await lockItems(tx, principal, request.ids);
  const members = incident === null ? new Map<string, boolean>() : await membersOf(tx, incident.id);
  const joins = rows.filter(({ id }) => members.get(id) === undefined || (opens && members.get(id) === false));
  const fresh = joins.filter(({ id }) => !members.has(id)).length;
  if (members.size + fresh > MOST_ITEMS)
    throw new Problem("request-malformed", `An incident has at most ${MOST_ITEMS} items. Nothing was added.`);
  const answer: MembershipAnswer = {
    matter: { id: incident?.id ?? null, number: incident?.number ?? "" },
    changed: joins.map(({ id, title }) => ({ id, title })),
    unchanged: rows.filter((row) => !joins.includes(row)).map(({ id }) => id),
    missing,
  };
  if (request.dryRun || incident === null) return answer;
  const added = { how, added_by: principal.actorId, added_at: new Date(deps.clock.now()), opens };
  for (const { id } of joins) {
    await tx
      .insertInto("sworn.incident_evidence")
      .values({ incident_id: incident.id, evidence_id: id, agency_id: principal.agencyId, ...added })
      .onConflict((conflict) => conflict.columns(["incident_id", "evidence_id"]).doUpdateSet(added))
      .execute();
    await logBoth(tx, deps, principal, "incident.evidence-added", incident, id, { how, opens: opens ? "yes" : "no" });
  }
  return answer;
}

/** Takes items out. Who may only add takes out what they added themselves; anything else is answered as missing. */
export async function takeFromIncident(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  id: string,
  ids: readonly string[],
): Promise<MembershipAnswer> {
  const incident = await findIncident(tx, id);
  if (await lockedBy(tx, principal, id))
    throw new Problem("statement-first", "While this incident is locked for you, you take nothing out of it.");
  const all = may(principal, "incident.manage") && (await seesIncident(tx, principal, id));
  const { rows, missing } = await lockItems(tx, principal, ids);
  const answer: MembershipAnswer = { matter: { id, number: incident.number }, changed: [], unchanged: [], missing };
  for (const row of rows) {
    let query = tx
      .deleteFrom("sworn.incident_evidence")
      .where("incident_id", "=", id)
      .where("evidence_id", "=", row.id);
    if (!all) query = query.where("added_by", "=", principal.actorId);
    const gone = await query.executeTakeFirst();
    if (gone.numDeletedRows === 0n) {
      answer.unchanged.push(row.id);
      continue;
    }
    answer.changed.push({ id: row.id, title: row.title });
    await logBoth(tx, deps, principal, "incident.evidence-removed", incident, row.id, {});
  }
  // Said only to who may know of the incident: who sees it, or put there what they now take back.
  if (answer.changed.length === 0) await assertSeesIncident(tx, principal, id);
  return answer;
}

async function logBoth(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  kind: "incident.evidence-added" | "incident.evidence-removed",
  incident: Incident,
  evidence: string,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  await append(tx, deps.custody, principal.agencyId, {
    kind,
    subject: { kind: "incident", id: incident.id },
    ...actorOf(principal),
    details: { evidence, ...more },
  });
  await append(tx, deps.custody, principal.agencyId, {
    kind,
    subject: { kind: "evidence", id: evidence },
    ...actorOf(principal),
    // Its number as it is today.
    details: { incident: incident.id, number: incident.number, ...more },
  });
}

async function findIncident(tx: Tx, id: string): Promise<Incident> {
  const row = await tx.selectFrom("sworn.incident").select(["id", "number"]).where("id", "=", id).executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  return row;
}

async function membersOf(tx: Tx, id: string): Promise<Map<string, boolean>> {
  const rows = await tx
    .selectFrom("sworn.incident_evidence")
    .select(["evidence_id", "opens"])
    .where("incident_id", "=", id)
    .execute();
  return new Map(rows.map((row) => [row.evidence_id, row.opens]));
}
