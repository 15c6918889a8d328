import type { CustodyHistory, Evidence, EventKind, MadeShare, Role } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openFsBlobStore } from "../../adapters/fs/blob-store.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Principal } from "../../ports/http.ts";
import { readScope } from "../access/index.ts";
import { append } from "../custody/index.ts";
import { sequence } from "../custody/sequence.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { makeEvidenceKeys } from "../intake/index.ts";
import { libraryRoutes } from "../library/index.ts";
import { playbackRoutes } from "../playback/index.ts";
import { sharingRoutes } from "./index.ts";

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface SharingRig {
  readonly log: TestLog;
  readonly time: { now: number };
  readonly agencyId: string;
  person(roles: readonly Role[], of?: { unitId?: string; disabled?: boolean }): Promise<string>;
  item(of?: { unitId?: string }): Promise<string>;
  unit(): Promise<string>;
  restrictedClass(members: readonly string[]): Promise<string>;
  restrict(item: string, classId: string | null): Promise<void>;
  share(who: string, share: Record<string, unknown> & { evidenceIds?: string[] }): Promise<Answer<MadeShare>>;
  ask<T = Record<string, unknown>>(who: string, method: string, path: string, body?: object): Promise<Answer<T>>;
  sees(who: string, query?: string): Promise<string[]>;
  auditorSees(item: string): Promise<string[]>;
  events(id: string): Promise<{ kind: string; reason: string | null }[]>;
  say(item: string, kind: EventKind): Promise<void>;
  publish(): Promise<void>;
  close(): Promise<void>;
}

/** An agency with people inside and outside and items of theirs, asked over HTTP as any of them. */
export async function openSharingRig(): Promise<SharingRig> {
  const log = await createTestLog();
  const { database } = log.db;
  const agencyId = await log.db.agency("Harbor Police (test)");
  const owner = await log.db.owner();
  const people = new Map<string, readonly Role[]>();
  const deps = { database, custody: log.deps, clock: log.deps.clock };
  const blobStore = await openFsBlobStore(join(log.folder, "objects"));
  const playback = { ...deps, blobStore, evidenceKeys: makeEvidenceKeys({ keyRing: log.keyRing }) };
  const server = serveRoutes({
    routes: [...sharingRoutes(deps), ...libraryRoutes(deps), ...playbackRoutes(playback)],
    identify: async ({ headers }) => {
      const id = headers.get("x-test-person") ?? "";
      const scope = await database.forAgency(agencyId, (tx) => readScope(tx, id, log.time.now));
      const roles = people.get(id) ?? [];
      const principal: Principal = {
        kind: "person",
        actorId: id,
        agencyId,
        roles,
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
  const rig: SharingRig = {
    log,
    time: log.time,
    agencyId,
    async person(roles, { unitId, disabled } = {}) {
      const id = randomUUID();
      await owner.query(
        `insert into sworn.person (id, agency_id, name, email, roles, unit_id, disabled_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          id,
          agencyId,
          `Demo ${roles.join(" ")}`,
          `${id}@demo.example`,
          roles,
          unitId ?? null,
          disabled === true ? new Date() : null,
        ],
      );
      people.set(id, roles);
      return id;
    },
    async item({ unitId } = {}) {
      const id = randomUUID();
      await owner.query(
        `insert into sworn.evidence (id, agency_id, title, kind, state, size, unit_id, received_at)
         values ($1, $2, 'Traffic stop', 'video', 'stored', 10, $3, '2026-11-20T23:10:00Z')`,
        [id, agencyId, unitId ?? null],
      );
      return id;
    },
    async unit() {
      const id = randomUUID();
      await owner.query(
        "insert into sworn.unit (id, agency_id, name) values ($1, $2, 'N' || left($1::uuid::text, 8))",
        [id, agencyId],
      );
      return id;
    },
    async restrictedClass(members) {
      const id = randomUUID();
      await owner.query(
        "insert into sworn.restricted_class (id, agency_id, name) values ($1, $2, 'N' || left($1::uuid::text, 8))",
        [id, agencyId],
      );
      for (const member of members)
        await owner.query("insert into sworn.restricted_member (class_id, person_id, agency_id) values ($1, $2, $3)", [
          id,
          member,
          agencyId,
        ]);
      return id;
    },
    async restrict(item, classId) {
      await owner.query("update sworn.evidence set restricted_class_id = $2 where id = $1", [item, classId]);
    },
    share(who, of) {
      const body = { mayDownload: false, reason: "Discovery", ...of };
      return rig.ask<MadeShare>(who, "POST", "/api/v1/shares", body);
    },
    async ask<T>(who: string, method: string, path: string, body?: object): Promise<Answer<T>> {
      const json = method === "GET" ? undefined : body;
      const response = await fetch(url + path, {
        method,
        headers: { "x-test-person": who, ...(json === undefined ? {} : { "content-type": "application/json" }) },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as T };
    },
    async sees(who, query = "") {
      const { body } = await rig.ask<{ items: Evidence[] }>(who, "GET", `/api/v1/evidence?limit=200&${query}`);
      return body.items.map(({ id }) => id);
    },
    async auditorSees(item) {
      const auditor = await rig.person(["auditor"]);
      const { body } = await rig.ask<CustodyHistory>(auditor, "GET", `/api/v1/evidence/${item}/custody`);
      const others = body.entries.filter(({ actor }) => actor?.id !== auditor);
      return others.flatMap(({ kind, sealed }) => (sealed ? [] : [kind ?? ""]));
    },
    async events(id) {
      const { rows } = await owner.query<{ event: string }>(
        `select b.event from custody.event_body b join custody.entry e on e.id = b.entry_id where e.subject_id = $1 order by e.n`,
        [id],
      );
      return rows.map(({ event }) => JSON.parse(event) as { kind: string; reason: string | null });
    },
    async say(item, kind) {
      const subject = { kind: "evidence", id: item } as const;
      await database.forAgency(agencyId, (tx) => append(tx, log.deps, agencyId, { kind, subject, actorId: null }));
    },
    async publish() {
      await sequence(log.deps);
    },
    async close() {
      await server.close();
      await log.close();
    },
  };
  return rig;
}
