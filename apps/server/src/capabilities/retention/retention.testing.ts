import type { Evidence, Role } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { openQueue } from "../../adapters/queue/index.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Principal, Route } from "../../ports/http.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { readScope } from "../access/index.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { libraryRoutes } from "../library/index.ts";
import { unitsRoutes } from "../units/index.ts";
import { type RetentionDeps, retentionRoutes, workRetention } from "./index.ts";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
}

/** An agency with people in units and items of theirs, asked over HTTP as any of them. */
export interface RetentionRig {
  readonly log: TestLog;
  readonly agencyId: string;
  person(roles: readonly Role[], unitId?: string | null): Promise<string>;
  item(of?: Partial<{ personId: string; unitId: string; recordedAt: string; timeSource: string }>): Promise<string>;
  ask<T = Record<string, unknown>>(who: string, method: string, path: string, body?: object): Promise<Answer<T>>;
  /** What this person's library lists, in its order. */
  sees(who: string): Promise<string[]>;
  read(who: string, id: string): Promise<Evidence>;
  events(id: string): Promise<{ kind: string; reason: string | null; details: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

/** `more`: routes of capabilities that build on this one. */
export async function openRetentionRig(
  more: (deps: RetentionDeps) => readonly Route[] = () => [],
): Promise<RetentionRig> {
  const log = await createTestLog();
  const { database } = log.db;
  const agencyId = await log.db.agency("Harbor Police (test)");
  const owner = await log.db.owner();
  await owner.query("update sworn.agency set time_zone = 'America/New_York' where id = $1", [agencyId]);
  const jobs: Jobs = await openQueue({
    connection: loginConfig(log.db.ownerConfig, "sworn_app", log.db.loginSecret),
    log: log.deps.log,
    pollSeconds: 0.5,
  });
  const deps = { database, custody: log.deps, clock: log.deps.clock, jobs };
  await workRetention(deps);
  const people = new Map<string, readonly Role[]>();
  const server = serveRoutes({
    routes: [
      ...retentionRoutes(deps),
      ...unitsRoutes(deps),
      ...libraryRoutes({ database, custody: log.deps }),
      ...more(deps),
    ],
    identify: async ({ headers }) => {
      const id = headers.get("x-test-person") ?? "";
      const scope = await database.forAgency(agencyId, (tx) => readScope(tx, id));
      const principal: Principal = {
        kind: "person",
        actorId: id,
        agencyId,
        roles: people.get(id) ?? [],
        personId: id,
        deviceId: null,
        scope,
      };
      return { principal, viaCookie: false };
    },
    log: log.deps.log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });

  const rig: RetentionRig = {
    log,
    agencyId,
    async person(roles, unitId = null) {
      const id = randomUUID();
      await owner.query(
        "insert into sworn.person (id, agency_id, name, email, roles, unit_id) values ($1, $2, $3, $4, $5, $6)",
        [id, agencyId, `Demo ${roles.join(" ")}`, `${id}@demo.example`, roles, unitId],
      );
      people.set(id, roles);
      return id;
    },
    async item({ personId, unitId, recordedAt, timeSource } = {}) {
      const id = randomUUID();
      await owner.query(
        `insert into sworn.evidence (id, agency_id, title, kind, state, size, person_id, unit_id, recorded_at, time_source, received_at)
         values ($1, $2, 'Traffic stop', 'video', 'stored', 10, $3, $4, $5, $6, '2026-11-20T23:10:00Z')`,
        [id, agencyId, personId ?? null, unitId ?? null, recordedAt ?? "2026-11-20T21:04:00Z", timeSource ?? "gnss"],
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
    async sees(who) {
      const { body } = await rig.ask<{ items: Evidence[] }>(who, "GET", "/api/v1/evidence?limit=200");
      return body.items.map(({ id }) => id);
    },
    async read(who, id) {
      return (await rig.ask<Evidence>(who, "GET", `/api/v1/evidence/${id}`)).body;
    },
    async events(id) {
      const { rows } = await owner.query<{ event: string }>(
        `select b.event from custody.event_body b join custody.entry e on e.id = b.entry_id where e.subject_id = $1 order by e.n`,
        [id],
      );
      return rows.map(({ event }) => {
        const { kind, reason, details } = JSON.parse(event) as Awaited<ReturnType<RetentionRig["events"]>>[number];
        return { kind, reason, details };
      });
    },
    async close() {
      await server.close();
      await jobs.stop();
      await log.close();
    },
  };
  return rig;
}
