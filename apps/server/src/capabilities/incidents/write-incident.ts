import { type ChangeIncident, type CreateIncident, type Incident, Problem } from "@sworn/contract";
import type { Selectable } from "kysely";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { IncidentTable } from "../../ports/matter-tables.ts";
import { assertSeesIncident, homeUnit } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { factsOfIncident, hashOf } from "./facts.ts";
import type { IncidentDeps } from "./incident-deps.ts";
import { describeIncidents } from "./read-incidents.ts";

type Row = Selectable<IncidentTable>;

/** Makes an incident; its unit is that of who makes it unless said otherwise. `name-taken` for a number that is used. */
export async function createIncident(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  { unitId, from, to, people, outcomes, ...rest }: z.output<typeof CreateIncident>,
): Promise<Row> {
  await assertNumberFree(tx, rest.number);
  if (unitId !== undefined && unitId !== null) await assertUnit(tx, unitId);
  const row: Row = {
    id: randomUUID(),
    agency_id: principal.agencyId,
    ...rest,
    from_at: from === null ? null : new Date(from),
    to_at: to === null ? null : new Date(to),
    people,
    outcomes,
    unit_id: unitId === undefined ? await homeUnit(tx, principal) : unitId,
    state: "open",
    created_by: principal.actorId,
    created_at: new Date(deps.clock.now()),
  };
  assertSound(row);
  await tx
    .insertInto("sworn.incident")
    .values({ ...row, people: JSON.stringify(people), outcomes: JSON.stringify(outcomes) })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "incident.created",
    subject: { kind: "incident", id: row.id },
    ...actorOf(principal),
    hashes: { facts: hashOf(factsOfIncident(row)) },
    details: { number: row.number },
  });
  return row;
}

/** Changes what an incident says; what is left out stays. */
export async function changeIncident(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  id: string,
  { from, to, unitId, ...rest }: z.output<typeof ChangeIncident>,
): Promise<Incident> {
  await assertSeesIncident(tx, principal, id);
  const was = await tx
    .selectFrom("sworn.incident")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (rest.number !== undefined && rest.number !== was.number) await assertNumberFree(tx, rest.number);
  if (unitId !== undefined && unitId !== null && unitId !== was.unit_id) await assertUnit(tx, unitId);
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const row: Row = {
    ...was,
    ...given,
    ...(from === undefined ? {} : { from_at: from === null ? null : new Date(from) }),
    ...(to === undefined ? {} : { to_at: to === null ? null : new Date(to) }),
    ...(unitId === undefined ? {} : { unit_id: unitId }),
  };
  assertSound(row);
  const [before, after] = [hashOf(factsOfIncident(was)), hashOf(factsOfIncident(row))];
  if (before !== after) {
    const { id: _, agency_id: __, created_by: ___, created_at: ____, people, outcomes, ...columns } = row;
    await tx
      .updateTable("sworn.incident")
      .set({ ...columns, people: JSON.stringify(people), outcomes: JSON.stringify(outcomes) })
      .where("id", "=", id)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "incident.changed",
      subject: { kind: "incident", id },
      ...actorOf(principal),
      hashes: { facts: after, before },
      details: {
        number: row.number,
        ...(row.number === was.number ? {} : { numberBefore: was.number }),
        ...(row.state === was.state ? {} : { state: row.state }),
        ...(row.unit_id === was.unit_id ? {} : { unit: row.unit_id, unitBefore: was.unit_id }),
      },
    });
  }
  const [incident] = await describeIncidents(tx, principal, [row]);
  if (incident === undefined) throw new Problem("not-found");
  return incident;
}

function assertSound({ from_at, to_at, lat, lon }: Pick<Row, "from_at" | "to_at" | "lat" | "lon">): void {
  if (from_at !== null && to_at !== null && to_at < from_at)
    throw new Problem("request-malformed", "The incident ends before it begins.");
  if ((lat === null) !== (lon === null))
    throw new Problem("request-malformed", "A place on the map needs latitude and longitude.");
}

async function assertNumberFree(tx: Tx, number: string): Promise<void> {
  const taken = await tx.selectFrom("sworn.incident").select("id").where("number", "=", number).executeTakeFirst();
  if (taken !== undefined) throw new Problem("name-taken", `There is an incident ${number} already.`);
}

export async function assertUnit(tx: Tx, id: string): Promise<void> {
  const unit = await tx
    .selectFrom("sworn.unit")
    .select("id")
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
  if (unit === undefined) throw new Problem("request-malformed", "There is no such unit, or it is no longer in use.");
}
