import type { Evidence, Role } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Route } from "../../ports/http.ts";
import { readScope } from "../access/index.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { actFor } from "../identity/acting.ts";
import { libraryRoutes } from "../library/index.ts";
import type { IncidentDeps } from "./index.ts";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
}

/** Two agencies with people in units and items of theirs, asked over HTTP as any of them. */
export interface MattersRig {
  readonly log: TestLog;
  readonly agencyId: string;
  readonly otherAgencyId: string;
  readonly deps: IncidentDeps;
  unit(name: string): Promise<string>;
  person(roles: readonly Role[], unitId?: string | null, agencyId?: string): Promise<string>;
  item(
    of?: Partial<{ personId: string; unitId: string; recordedAt: string; title: string; classId: string }>,
  ): Promise<string>;
  ask<T = Record<string, unknown>>(who: string, method: string, path: string, body?: object): Promise<Answer<T>>;
  /** What this person's library lists under a filter. */
  lists(who: string, query: string): Promise<string[]>;
  events(id: string): Promise<{ kind: string; details: Record<string, unknown> }[]>;
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openMattersRig(routesOf: (deps: IncidentDeps) => Route[]): Promise<MattersRig> {
  const log = await createTestLog();
  const { database } = log.db;
  const agencyId = await log.db.agency("Harbor Police (test)");
  const otherAgencyId = await log.db.agency("Hill County (test)");
  const owner = await log.db.owner();
  const deps: IncidentDeps = { database, custody: log.deps, clock: log.deps.clock };
  const people = new Map<string, { roles: readonly Role[]; agencyId: string }>();
  const server = serveRoutes({
    routes: [...routesOf(deps), ...libraryRoutes({ database, custody: log.deps })],
    identify: async ({ headers }) => {
      // "person;delegation": as they act under it.
      const [id = "", acting] = (headers.get("x-test-person") ?? "").split(";");
      const person = people.get(id) ?? { roles: [], agencyId };
      const scope = await database.forAgency(person.agencyId, (tx) => readScope(tx, id));
      const principal = { kind: "person", actorId: id, ...person, personId: id, deviceId: null, scope } as const;
      if (acting === undefined) return { principal, viaCookie: false };
      const now = log.deps.clock.now();
      const as = await database.forAgency(person.agencyId, (tx) => actFor(tx, principal, acting, now));
      return { principal: as, viaCookie: false };
    },
    log: log.deps.log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  const sql: MattersRig["sql"] = async (text, values = []) =>
    (await owner.query<Record<string, unknown>>(text, [...values])).rows;

  const rig: MattersRig = {
    log,
    agencyId,
    otherAgencyId,
    deps,
    sql,
    async unit(name) {
      const id = randomUUID();
      await sql("insert into sworn.unit (id, agency_id, name) values ($1, $2, $3)", [id, agencyId, name]);
      return id;
    },
    async person(roles, unitId = null, of = agencyId) {
      const id = randomUUID();
      await sql(
        "insert into sworn.person (id, agency_id, name, email, roles, unit_id) values ($1, $2, $3, $4, $5, $6)",
        [id, of, `Demo ${roles.join(" ")}`, `${id}@demo.example`, roles, unitId],
      );
      people.set(id, { roles, agencyId: of });
      return id;
    },
    async item({ personId, unitId, recordedAt = "2026-11-20T21:04:00Z", title = "Traffic stop", classId } = {}) {
      const id = randomUUID();
      await sql(
        `insert into sworn.evidence (id, agency_id, title, kind, state, size, person_id, unit_id, recorded_at, time_source, received_at, duration_ms, restricted_class_id)
         values ($1, $2, $3, 'video', 'stored', 10, $4, $5, $6, 'gnss', '2026-11-20T23:10:00Z', 600000, $7)`,
        [id, agencyId, title, personId ?? null, unitId ?? null, recordedAt, classId ?? null],
      );
      return id;
    },
    async ask<T>(who: string, method: string, path: string, body?: object): Promise<Answer<T>> {
      const response = await fetch(url + path, {
        method,
        headers: { "x-test-person": who, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as T };
    },
    async lists(who, query) {
      const { body } = await rig.ask<{ items: Evidence[] }>(who, "GET", `/api/v1/evidence?limit=200&${query}`);
      return body.items.map(({ id }) => id);
    },
    async events(id) {
      const rows = await sql(
        `select b.event from custody.entry e join custody.event_body b on b.entry_id = e.id
         where e.subject_id = $1 order by e.n`,
        [id],
      );
      return rows.map(({ event }) => JSON.parse(String(event)) as { kind: string; details: Record<string, unknown> });
    },
    async close() {
      await server.close();
      await log.close();
    },
  };
  return rig;
}
