import { randomUUID } from "node:crypto";
import { type CallPut, Problem, type PutCall } from "@sworn/contract";
import { type Selectable, sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { CallTable } from "../../ports/matter-tables.ts";
import { actorOf, append } from "../custody/index.ts";
import { hashOf } from "../incidents/index.ts";
import type { CallDeps } from "./call-deps.ts";
import { type Answered, type CallFacts, differences, oneOfEach } from "./facts.ts";

/** A call lasts days at most; one of years is a mistake in a date. */
const LONGEST_MS = 31 * 86_400_000;

export type Sent = z.output<typeof PutCall> & { readonly number: string };
export interface Plan {
  readonly number: string;
  readonly outcome: CallPut["outcome"];
  readonly changes: ReturnType<typeof differences>;
  readonly before: Selectable<CallTable> | null;
  readonly was: CallFacts | null;
  readonly facts: CallFacts;
}

/** What each of these calls would do here, against what is here; writes nothing. Numbers must differ. */
export async function planCalls(tx: Tx, sent: readonly Sent[], lock: boolean): Promise<Plan[]> {
  for (const call of sent) assertSound(call);
  const numbers = sent.map(({ number }) => number);
  if (numbers.length === 0) return [];
  // Two who send the same new call at once: the second finds what the first wrote, and changes nothing.
  if (lock)
    await sql`select pg_advisory_xact_lock(hashtextextended('calls ' || sworn.current_agency(), 3))`.execute(tx);
  const query = tx.selectFrom("sworn.call").selectAll().where("number", "in", numbers).orderBy("id");
  const rows = await (lock ? query.forUpdate() : query).execute();
  const known = new Map(rows.map((row) => [row.number, row]));
  const responses =
    rows.length === 0
      ? []
      : await tx
          .selectFrom("sworn.call_response")
          .selectAll()
          .where(
            "call_id",
            "in",
            rows.map(({ id }) => id),
          )
          .orderBy("badge")
          .execute();
  const answeredOf = Map.groupBy(responses, (row) => row.call_id);
  const people = await peopleByBadge(tx, sent);
  return sent.map((call) => {
    const before = known.get(call.number) ?? null;
    const had = before === null ? [] : (answeredOf.get(before.id) ?? []);
    const kept = new Map(had.map((row): [string, Answered] => [row.badge.toLowerCase(), toAnswered(row)]));
    const facts: CallFacts = {
      number: call.number,
      kind: call.kind,
      place: call.place,
      lat: call.lat,
      lon: call.lon,
      from: new Date(call.from).toISOString(),
      to: new Date(call.to).toISOString(),
      // Whose badge it was when it was first heard of stays so; one that was nobody's may be somebody's by now.
      answered: oneOfEach(call.badges)
        .map((badge): Answered => {
          const had = kept.get(badge.toLowerCase());
          const now = had === undefined || had.person === null ? people.get(badge.toLowerCase()) : had;
          return { badge: had?.badge ?? badge, person: now?.person ?? null, unit: now?.unit ?? null };
        })
        .toSorted((a, b) => (a.badge < b.badge ? -1 : 1)),
    };
    const was = before === null ? null : factsOf(before, had.map(toAnswered));
    const changes = was === null ? [] : differences(was, facts);
    return {
      number: call.number,
      before,
      was,
      facts,
      changes,
      outcome: was === null ? "added" : changes.length > 0 ? "changed" : "unchanged",
    };
  });
}

const toAnswered = (row: { badge: string; person_id: string | null; unit_id: string | null }): Answered => ({
  badge: row.badge,
  person: row.person_id,
  unit: row.unit_id,
});

export function factsOf(row: Selectable<CallTable>, answered: readonly Answered[]): CallFacts {
  return {
    number: row.number,
    kind: row.kind,
    place: row.place,
    lat: row.lat,
    lon: row.lon,
    from: row.from_at.toISOString(),
    to: row.to_at.toISOString(),
    answered: answered
      .map(({ badge, person, unit }) => ({ badge, person, unit }))
      .toSorted((a, b) => (a.badge < b.badge ? -1 : 1)),
  };
}

/** How many new calls go into one statement. */
const CHUNK = 500;

/** Writes what plans say: each call, its new state and its event, all on the caller's transaction. */
export async function writeCalls(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  plans: readonly Plan[],
  importId: string | null,
): Promise<CallPut[]> {
  const { agencyId: agency_id, actorId } = principal;
  const at = new Date(deps.clock.now());
  const all = plans.map((plan) => ({
    ...plan,
    id: plan.before?.id ?? randomUUID(),
    version: (plan.before?.version ?? 0) + 1,
  }));
  const written = all.filter(({ outcome }) => outcome !== "unchanged");
  for (let from = 0; from < written.length; from += CHUNK) {
    const chunk = written.slice(from, from + CHUNK);
    const added = chunk.filter(({ outcome }) => outcome === "added");
    if (added.length > 0)
      await tx
        .insertInto("sworn.call")
        .values(
          added.map(({ id, number, ...plan }) => ({
            id,
            agency_id,
            number,
            incident_id: null,
            created_by: actorId,
            created_at: at,
            ...columnsOf(plan),
          })),
        )
        .execute();
    for (const { id, ...plan } of chunk.filter(({ outcome }) => outcome === "changed")) {
      await tx.updateTable("sworn.call").set(columnsOf(plan)).where("id", "=", id).execute();
      let gone = tx.deleteFrom("sworn.call_response").where("call_id", "=", id);
      const badges = plan.facts.answered.map(({ badge }) => badge);
      if (badges.length > 0) gone = gone.where("badge", "not in", badges);
      await gone.execute();
    }
    await tx
      .insertInto("sworn.call_version")
      .values(
        chunk.map(({ id, version, facts }) => ({
          call_id: id,
          version,
          agency_id,
          facts: JSON.stringify(facts),
          import_id: importId,
          written_by: actorId,
          written_at: at,
        })),
      )
      .execute();
    await setAnswered(tx, agency_id, chunk);
    for (const plan of chunk) await log(tx, deps, principal, plan, importId);
  }
  return all.map(({ id, number, outcome }) => ({ id, number, outcome }));
}

const columnsOf = ({
  facts,
  version,
}: Pick<Plan, "facts"> & { readonly version: number }): {
  kind: string;
  place: string;
  lat: number | null;
  lon: number | null;
  from_at: Date;
  to_at: Date;
  version: number;
} => {
  const { kind, place, lat, lon, from, to } = facts;
  return { kind, place, lat, lon, from_at: new Date(from), to_at: new Date(to), version };
};

async function log(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  { id, version, outcome, was, facts, changes }: Plan & { readonly id: string; readonly version: number },
  importId: string | null,
): Promise<void> {
  await append(tx, deps.custody, principal.agencyId, {
    kind: outcome === "added" ? "call.received" : "call.changed",
    subject: { kind: "call", id },
    ...actorOf(principal),
    hashes: { facts: hashOf(facts), ...(was === null ? {} : { before: hashOf(was) }) },
    details: {
      number: facts.number,
      version,
      // What was said of a badge ends with it.
      badges: facts.answered.map(({ badge }) => badge),
      ...(importId === null ? {} : { import: importId }),
      ...(changes.length === 0 ? {} : { changed: changes.map(({ field }) => field).join(" ") }),
    },
  });
}

/** Who answered, as it is now; what somebody said of a badge that stays stays with it. */
async function setAnswered(
  tx: Tx,
  agency_id: string,
  calls: readonly { readonly id: string; readonly facts: CallFacts }[],
): Promise<void> {
  const rows = calls.flatMap(({ id, facts }) =>
    facts.answered.map(({ badge, person, unit }) => ({
      call_id: id,
      badge,
      agency_id,
      person_id: person,
      unit_id: unit,
      settled_by: null,
      reason: null,
    })),
  );
  // A call has up to a hundred badges, and a statement 65,535 values.
  for (let from = 0; from < rows.length; from += 5000)
    await tx
      .insertInto("sworn.call_response")
      .values(rows.slice(from, from + 5000))
      .onConflict((conflict) =>
        conflict.columns(["call_id", "badge"]).doUpdateSet((eb) => ({
          person_id: eb.ref("excluded.person_id"),
          unit_id: eb.ref("excluded.unit_id"),
        })),
      )
      .execute();
}

async function peopleByBadge(tx: Tx, sent: readonly Sent[]): Promise<Map<string, Answered>> {
  const badges = [...new Set(sent.flatMap((call) => call.badges.map((badge) => badge.toLowerCase())))];
  if (badges.length === 0) return new Map();
  const rows = await tx
    .selectFrom("sworn.person")
    .select(["id", "badge", "unit_id"])
    // One value and not one each: a table names more than a statement may hold.
    .where(sql<boolean>`lower(badge) = any(${badges}::text[])`)
    .execute();
  return new Map(
    rows.flatMap(({ id, badge, unit_id }): [string, Answered][] =>
      badge === null ? [] : [[badge.toLowerCase(), { badge, person: id, unit: unit_id }]],
    ),
  );
}

function assertSound({ from, to, lat, lon }: Sent): void {
  const length = Date.parse(to) - Date.parse(from);
  if (length < 0) throw new Problem("request-malformed", "The call is cleared before it is dispatched.");
  if (length > LONGEST_MS) throw new Problem("request-malformed", "The call lasts longer than a month.");
  if ((lat === null) !== (lon === null))
    throw new Problem("request-malformed", "A place on the map needs latitude and longitude.");
}
