import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "@sworn/contract";
import { mediaUser, openFfmpeg } from "../../adapters/ffmpeg/index.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { openQueue } from "../../adapters/queue/index.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import { type Clock, systemClock } from "../../ports/clock.ts";
import type { Principal, Route } from "../../ports/http.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Media } from "../../ports/media.ts";
import { assertVisible } from "../access/index.ts";
import { admitFile, recordFile } from "../intake/index.ts";
import { type IntakeFixture, makeIntakeFixture } from "../intake/testing.ts";
import { libraryRoutes } from "../library/index.ts";
import { type PositionsDeps, positionRoutes, workPositions } from "../positions/index.ts";
import { playbackRoutes } from "../playback/index.ts";
import { type MediaDeps, mediaRoutes, openScratch, workMedia } from "./index.ts";

export interface MediaRig {
  readonly intake: IntakeFixture;
  readonly jobs: Jobs;
  readonly scratchFolders: { memory: string; disk: string };
  /** Stores bytes as an item of its own and asks for the three media jobs, as a sealed upload does. */
  store(bytes: Uint8Array, name?: string): Promise<string>;
  /** The item as the API shows it, once `done` says so. */
  settled(id: string, done: (item: Evidence) => boolean): Promise<Evidence>;
  ask(method: string, path: string, who?: Partial<Principal>, body?: object): Promise<Response>;
  /** Kinds and texts of the item's events, oldest first. */
  events(id: string): Promise<{ kind: string; event: string }[]>;
  /** Runs what waits for its next try now. */
  hurry(): Promise<void>;
  /** Makes the item look as if a worker died over it; `probes` counts the jobs it ever got. */
  leaveRunning(id: string): Promise<void>;
  probes(id: string): Promise<number>;
  end(): Promise<void>;
}

/** Real database, queue, files, HTTP and ffmpeg, except where a test puts another decoder in its place. */
export async function makeMediaRig(
  options: {
    media?: (real: Media) => Media;
    positions?: (real: PositionsDeps) => PositionsDeps;
    /** Routes and work of capabilities that build on this one. */
    more?: (deps: MediaDeps & { clock: Clock }) => Promise<readonly Route[]>;
  } = {},
): Promise<MediaRig> {
  const intake = await makeIntakeFixture();
  const { database, agencyId, test, blobStore, evidenceKeys, diskReserve } = intake;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const jobs = await openQueue({
    connection: loginConfig(test.ownerConfig, "sworn_app", test.loginSecret),
    log,
    graceMs: 500,
    pollSeconds: 0.5,
  });
  const scratchFolders = { memory: "/dev/shm", disk: join(intake.folder, "scratch") };
  mkdirSync(scratchFolders.disk);
  const scratch = await openScratch({ ...scratchFolders, maxMemory: 256 * 1024 * 1024, user: mediaUser() });
  const real = openFfmpeg({ log, mediaSandbox: "required", hide: [intake.folder] });
  const custody = { clock: systemClock, software: "sworn test" };
  const deps = {
    database,
    blobStore,
    evidenceKeys,
    diskReserve,
    custody,
    jobs,
    log,
    scratch,
    media: options.media?.(real) ?? real,
  };
  await workMedia(deps);
  await workPositions(options.positions?.(deps) ?? deps);

  const more = (await options.more?.({ ...deps, clock: systemClock })) ?? [];

  const principal: Principal = {
    kind: "person",
    actorId: randomUUID(),
    agencyId,
    roles: ["custodian"],
    personId: null,
    deviceId: null,
  };
  let asking = principal;
  const server = serveRoutes({
    routes: [
      ...mediaRoutes({ ...deps, assertVisible }),
      ...positionRoutes({ ...deps, assertVisible }),
      ...libraryRoutes({ database, custody }),
      ...playbackRoutes(deps),
      ...more,
    ],
    identify: () => Promise.resolve({ principal: asking, viaCookie: false }),
    log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });

  const rig: MediaRig = {
    intake,
    jobs,
    scratchFolders,
    async store(bytes, name = "a.mp4") {
      const id = randomUUID();
      await database.forAgency(agencyId, (tx) => evidenceKeys.create(tx, agencyId, id));
      const file = await admitFile(deps, {
        agencyId,
        evidenceId: id,
        role: "original",
        mediaType: "video/mp4",
        bytes: [bytes],
      });
      await database.forAgency(agencyId, async (tx) => {
        await recordFile(tx, file);
        const identity = { id, agency_id: agencyId, title: name, source_name: name, size: bytes.length };
        await tx
          .insertInto("sworn.evidence")
          .values({ ...identity, kind: "video", state: "stored" })
          .execute();
        for (const job of ["probe", "poster", "positions"] as const) await jobs.send(tx, job, { agencyId, id });
      });
      return id;
    },
    async settled(id, done) {
      for (let tries = 0; ; tries++) {
        const answer = await rig.ask("GET", `/api/v1/evidence/${id}`);
        const item = (await answer.json()) as Evidence;
        if (done(item)) return item;
        if (tries > 300) throw new Error(`still ${JSON.stringify(item.media)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    ask(method, path, who = {}, body) {
      asking = { ...principal, ...who };
      const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      return fetch(url + path, { method, ...(body === undefined ? {} : json) });
    },
    async events(id) {
      return await database.forAgency(agencyId, (tx) =>
        tx
          .selectFrom("custody.entry")
          .innerJoin("custody.event_body", "custody.event_body.entry_id", "custody.entry.id")
          .select(["kind", "event"])
          .where("subject_id", "=", id)
          .orderBy("n")
          .execute(),
      );
    },
    async hurry() {
      await (await test.owner()).query("update jobs.job set start_after = now() where state = 'retry'");
    },
    async leaveRunning(id) {
      await (await test.owner()).query("update sworn.evidence set media_state = 'running' where id = $1", [id]);
    },
    async probes(id) {
      const jobsOf = "select count(*)::int as n from jobs.job where name = 'probe' and data->>'id' = $1";
      const { rows } = await (await test.owner()).query<{ n: number }>(jobsOf, [id]);
      return rows[0]?.n ?? -1;
    },
    async end() {
      await server.close();
      await jobs.stop();
      await intake.end();
    },
  };
  return rig;
}
