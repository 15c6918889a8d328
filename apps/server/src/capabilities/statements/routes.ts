import { EndLock, Id, PlaceLock, RecordStatement, StatementLock, StatementLocks } from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import type { IncidentDeps } from "../incidents/index.ts";
import { assertSees, endLock, type Locked, listLocks, placeLock, recordStatement } from "./locks.ts";

const params = z.object({ id: Id });
const ofPerson = z.object({ id: Id, lock: Id, person: Id });

/** Locks that keep those involved from watching before their statement: of an incident, or of one item. */
export function statementRoutes(deps: IncidentDeps): Route[] {
  return [
    ...routesOf(deps, "incident", "/api/v1/incidents/:id/locks"),
    ...routesOf(deps, "evidence", "/api/v1/evidence/:id/locks"),
  ];
}

function routesOf(deps: IncidentDeps, kind: Locked["kind"], path: string): Route[] {
  const what = kind === "incident" ? "an incident" : "an item";
  return [
    route({
      method: "GET",
      path,
      access: { permission: "incident.list" },
      summary: `Statement-first locks of ${what}, the newest first`,
      params,
      answer: StatementLocks,
      handle: async ({ principal, params: { id } }) => ({
        body: await deps.database.forAgency(principal.agencyId, async (tx) => {
          await assertSees(tx, principal, { kind, id });
          return { items: await listLocks(tx, { kind, id }) };
        }),
      }),
    }),
    route({
      method: "POST",
      path,
      access: { permission: "statement.lock" },
      summary: `Lock ${what} for those involved until their statements are recorded`,
      params,
      body: PlaceLock,
      answer: StatementLock,
      handle: async ({ principal, params: { id }, body }) => ({
        status: 201,
        body: await deps.database.forAgency(principal.agencyId, (tx) =>
          placeLock(tx, deps, principal, { kind, id }, body),
        ),
      }),
    }),
    route({
      method: "POST",
      path: `${path}/:lock/people/:person/statement`,
      access: { permission: "statement.lock" },
      summary: "Record that somebody's statement was taken: when, and by whom",
      params: ofPerson,
      body: RecordStatement,
      answer: StatementLock,
      handle: async ({ principal, params: of, body }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) =>
          recordStatement(tx, deps, principal, { kind, ...of }, body),
        ),
      }),
    }),
    route({
      method: "POST",
      path: `${path}/:lock/people/:person/end`,
      access: { permission: "statement.lock" },
      summary: "End the lock for one person, after their statement or because it was a mistake",
      params: ofPerson,
      body: EndLock,
      answer: StatementLock,
      handle: async ({ principal, params: of, body }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) =>
          endLock(tx, deps, principal, { kind, ...of }, body),
        ),
      }),
    }),
  ];
}
