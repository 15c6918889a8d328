import { type CallsChanged, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import { assertSeesCall, seesIncident, visibleCall } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { addToIncident } from "../incidents/index.ts";
import { lockItems } from "../retention/index.ts";
import type { CallDeps } from "./call-deps.ts";
import { describeCalls } from "./load-matches.ts";

type State = "accepted" | "refused" | null;
const kindOf = {
  accepted: "call.evidence-accepted",
  refused: "call.evidence-refused",
  undecided: "call.evidence-undecided",
} as const;

/** An item shows a call or does not, or what was said of it is taken back. Items that are not theirs to see are missing. */
export async function decide(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  callId: string,
  evidenceIds: readonly string[],
  state: State,
): Promise<CallsChanged> {
  await assertSeesCall(tx, principal, callId);
  const call = await tx
    .selectFrom("sworn.call")
    .select(["id", "number", "incident_id"])
    .where("id", "=", callId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { rows, missing } = await lockItems(tx, principal, evidenceIds);
  const ids = rows.map(({ id }) => id);
  const known = new Map(
    (ids.length === 0
      ? []
      : await tx
          .selectFrom("sworn.call_evidence")
          .select(["evidence_id", "state"])
          .where("call_id", "=", callId)
          .where("evidence_id", "in", ids)
          .execute()
    ).map((row) => [row.evidence_id, row.state]),
  );
  const turning = ids.filter((id) => (known.get(id) ?? null) !== state);
  for (const id of turning) {
    const at = { decided_by: principal.actorId, decided_at: new Date(deps.clock.now()) };
    if (state === null)
      await tx.deleteFrom("sworn.call_evidence").where("call_id", "=", callId).where("evidence_id", "=", id).execute();
    else
      await tx
        .insertInto("sworn.call_evidence")
        .values({ call_id: callId, evidence_id: id, agency_id: principal.agencyId, state, ...at })
        .onConflict((conflict) => conflict.columns(["call_id", "evidence_id"]).doUpdateSet({ state, ...at }))
        .execute();
    const kind = kindOf[state ?? "undecided"];
    const by = actorOf(principal);
    const of = (subject: "call" | "evidence", own: string, details: Record<string, string>): Promise<unknown> =>
      append(tx, deps.custody, principal.agencyId, { kind, subject: { kind: subject, id: own }, ...by, details });
    await of("call", callId, { evidence: id });
    await of("evidence", id, { call: callId, number: call.number });
  }
  if (state === "accepted") await follow(tx, deps, principal, call.incident_id, turning);
  const changed = turning.length === 0 ? [] : [{ callId, number: call.number, evidenceIds: turning, badges: [] }];
  return { changed, unchanged: turning.length === 0 ? [callId] : [], missing };
}

/** What shows a call belongs to its incident, too, where whoever says so may put it there. */
async function follow(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  incidentId: string | null,
  ids: readonly string[],
): Promise<void> {
  if (incidentId === null || ids.length === 0 || !may(principal, "incident.add")) return;
  if (await seesIncident(tx, principal, incidentId))
    await addToIncident(tx, deps, principal, incidentId, { ids, how: "call", dryRun: false });
}

/** Accepts, for many calls at once, what is surely right. */
export async function acceptRight(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  { ids, dryRun }: { readonly ids: readonly string[]; readonly dryRun: boolean },
): Promise<CallsChanged> {
  const { calls, missing } = await seen(tx, principal, ids);
  const answer: CallsChanged = { changed: [], unchanged: [], missing };
  for (const call of calls) {
    const right = call.items.filter(({ state }) => state === "right").map(({ id }) => id);
    if (right.length === 0) answer.unchanged.push(call.id);
    else if (dryRun) answer.changed.push({ callId: call.id, number: call.number, evidenceIds: right, badges: [] });
    else answer.changed.push(...(await decide(tx, deps, principal, call.id, right, "accepted")).changed);
  }
  return answer;
}

/** From one call to another: the one is refused, the other accepted, together. */
export async function moveItems(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  from: string,
  to: string,
  evidenceIds: readonly string[],
): Promise<CallsChanged> {
  if (from === to) throw new Problem("request-malformed", "Name another call.");
  // In one order, whoever moves what where: two who move crosswise wait for each other.
  const steps = [
    { id: from, state: "refused" },
    { id: to, state: "accepted" },
  ] as const;
  const answers = [];
  for (const { id, state } of steps.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    answers.push(await decide(tx, deps, principal, id, evidenceIds, state));
  return {
    changed: answers.flatMap(({ changed }) => changed),
    unchanged: answers.flatMap(({ unchanged }) => unchanged),
    missing: answers[0]?.missing ?? [],
  };
}

/** No footage is expected of a badge, or of every badge without any; `reason` null takes it back. */
export async function settle(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  {
    ids,
    badge,
    reason,
  }: { readonly ids: readonly string[]; readonly badge?: string | undefined; readonly reason: string | null },
): Promise<CallsChanged> {
  const { calls, missing } = await seen(tx, principal, ids);
  const answer: CallsChanged = { changed: [], unchanged: [], missing };
  for (const call of calls) {
    const badges = call.responders
      .filter((one) => badge === undefined || one.badge.toLowerCase() === badge.toLowerCase())
      .filter(({ state, settledBy }) => (reason === null ? settledBy !== null : state === "missing"))
      .map((one) => one.badge);
    if (badges.length === 0) {
      answer.unchanged.push(call.id);
      continue;
    }
    await tx
      .updateTable("sworn.call_response")
      .set({ settled_by: reason === null ? null : principal.actorId, reason })
      .where("call_id", "=", call.id)
      .where("badge", "in", badges)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: reason === null ? "call.unsettled" : "call.settled",
      subject: { kind: "call", id: call.id },
      ...actorOf(principal),
      reason,
      details: { badges: badges.toSorted() },
    });
    answer.changed.push({ callId: call.id, number: call.number, evidenceIds: [], badges });
  }
  return answer;
}

async function seen(
  tx: Tx,
  principal: Principal,
  asked: readonly string[],
): Promise<{ calls: Awaited<ReturnType<typeof describeCalls>>; missing: string[] }> {
  const ids = [...new Set(asked)];
  const rows = await tx
    .selectFrom("sworn.call")
    .selectAll()
    .where("id", "in", ids)
    .where(visibleCall(principal))
    .orderBy("id")
    .forUpdate()
    .execute();
  const found = new Set(rows.map(({ id }) => id));
  return { calls: await describeCalls(tx, principal, rows), missing: ids.filter((id) => !found.has(id)) };
}
