import type { AuditFilter } from "@sworn/contract";
import { canonicalJson, type JsonObject, parseEvent } from "@sworn/core";
import { sql } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";

export interface LookingDeps {
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

const QUARTER_HOUR = 15 * 60 * 1000;

/** That somebody searched, and for what: once per person, filter and quarter of an hour, whichever page they ask for. */
export async function noteSearch(tx: Tx, deps: LookingDeps, principal: Principal, filter: AuditFilter): Promise<void> {
  const filters = toDetails(filter);
  const since = new Date(Math.floor(deps.clock.now() / QUARTER_HOUR) * QUARTER_HOUR);
  const { rows } = await sql<{ event: string | null }>`
    select b.event from custody.entry e join custody.event_body b on b.entry_id = e.id
    where e.agency_id = ${principal.agencyId} and e.actor_id = ${principal.actorId} and e.kind = 'audit.searched'
      and e.at >= ${since} order by e.at desc limit 500`.execute(tx);
  const wanted = canonicalJson(filters);
  if (
    rows.some(({ event }) => event !== null && canonicalJson(parseEvent(event).details?.["filters"] ?? {}) === wanted)
  )
    return;
  await note(tx, deps, principal, "audit.searched", { filters, ...asked(filter) });
}

/** Every export, before its first byte leaves. */
export async function noteExport(
  tx: Tx,
  deps: LookingDeps,
  principal: Principal,
  filter: AuditFilter,
  format: "CSV" | "PDF",
): Promise<void> {
  await note(tx, deps, principal, "audit.exported", { filters: toDetails(filter), format, ...asked(filter) });
}

async function note(
  tx: Tx,
  deps: LookingDeps,
  principal: Principal,
  kind: "audit.searched" | "audit.exported",
  details: JsonObject,
): Promise<void> {
  const subject = { kind: "agency", id: principal.agencyId } as const;
  await append(tx, deps.custody, principal.agencyId, { kind, subject, ...actorOf(principal), details });
}

function toDetails(filter: AuditFilter): JsonObject {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : [...value].toSorted()]],
    ),
  );
}

/** The filters in a few words; ids are counted, since names stay out of the log. */
export function inWords(filter: AuditFilter): string {
  const count = (ids: readonly string[] | undefined, one: string, many: string): string[] =>
    ids === undefined ? [] : [ids.length === 1 ? one : `${ids.length} ${many}`];
  return [
    ...count(filter.actor, "what one actor did", "actors"),
    ...count(filter.subject, "what was done to one subject", "subjects"),
    ...count(filter.device, "one camera", "cameras"),
    ...(filter.did ?? []),
    ...(filter.kind ?? []),
    ...(filter.from === undefined ? [] : [`from ${filter.from}`]),
    ...(filter.to === undefined ? [] : [`to ${filter.to}`]),
  ].join(", ");
}

function asked(filter: AuditFilter): { asked?: string } {
  const text = inWords(filter);
  return text === "" ? {} : { asked: text };
}
