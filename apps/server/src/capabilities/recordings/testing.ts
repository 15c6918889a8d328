import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { RecordingStatus } from "@sworn/contract";
import { createSplitter } from "@sworn/core";
import { FsSpool } from "../../adapters/fs/spool.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { openQueue } from "../../adapters/queue/index.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Accounts } from "../../ports/accounts.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Spool } from "../../ports/spool.ts";
import { createKey, identify } from "../identity/index.ts";
import { type IntakeFixture, makeIntakeFixture } from "../intake/testing.ts";
import { makeRecordings, type Recordings, type RecordingsOptions, workSealing } from "./index.ts";

export interface Camera {
  readonly token: string;
  readonly deviceId: string;
}
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Parts that fail on purpose, in the place of the real ones. */
export interface Broken {
  readonly spool?: (spool: Spool) => Spool;
  readonly spoolFolder?: string;
  readonly blobStore?: BlobStore;
  readonly database?: Database;
}

/** A server of this capability alone: real database, queue, files and HTTP; restartable over the same files. */
export interface RecordingsRig {
  readonly intake: IntakeFixture;
  readonly time: { offset: number };
  readonly errors: string[];
  url(): string;
  recordings(): Recordings;
  spool(): FsSpool;
  key(role: "device" | "custodian" | "officer", name?: string, agencyId?: string): Promise<Camera>;
  send(camera: Camera, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(camera: Camera, path: string, bytes: Uint8Array, headers?: Record<string, string>): Promise<Answer>;
  open(camera: Camera, id?: string, more?: object): Promise<string>;
  status(camera: Camera, id: string): Promise<RecordingStatus>;
  /** Rolls and waits until the evidence has this state. */
  settle(id: string, state: string): Promise<void>;
  /** The server is gone until `restart`. */
  stop(): Promise<void>;
  /** Ends the process, as far as one test process can: nothing is finished or flushed by the old one. */
  restart(options?: Partial<RecordingsOptions>, broken?: Broken): Promise<void>;
  end(): Promise<void>;
}

export const noAccounts: Pick<Accounts, "signedIn" | "noteSession"> = {
  signedIn: () => Promise.resolve(null),
  noteSession: () => Promise.resolve(),
};

export async function makeRecordingsRig(options: Partial<RecordingsOptions> = {}): Promise<RecordingsRig> {
  const intake = await makeIntakeFixture();
  const { database, agencyId, test } = intake;
  const time = { offset: 0 };
  const clock = { now: () => Date.now() + time.offset, monotonic: () => systemClock.monotonic() + time.offset };
  const custody = { clock, software: "sworn test" };
  const errors: string[] = [];
  const note = (fields: object, text: string): void => {
    const { err } = fields as { err?: unknown };
    errors.push(`${text}: ${err instanceof Error ? (err.stack ?? err.message) : JSON.stringify(fields)}`);
  };
  const log = { info: () => undefined, warn: note, error: note };
  const queue = {
    connection: loginConfig(test.ownerConfig, "sworn_app", test.loginSecret),
    log,
    graceMs: 500,
    pollSeconds: 0.5,
  };

  let port = 0; // the first start chooses it; cameras find the server there again
  let current: {
    recordings: Recordings;
    spool: FsSpool;
    jobs: Jobs;
    server: ReturnType<typeof serveRoutes>;
    url: string;
  };

  async function start(given: Partial<RecordingsOptions>, broken: Broken = {}): Promise<void> {
    const spool = await FsSpool.open({ folder: join(intake.folder, broken.spoolFolder ?? "spool") });
    const jobs = await openQueue(queue);
    const { evidenceKeys, diskReserve } = intake;
    const blobStore = broken.blobStore ?? intake.blobStore;
    const common = {
      database: broken.database ?? database,
      blobStore,
      evidenceKeys,
      diskReserve,
      custody,
      clock,
      jobs,
      log,
    };
    const recordings = makeRecordings({ ...common, spool: broken.spool?.(spool) ?? spool }, { ...options, ...given });
    await workSealing(common);
    const server = serveRoutes({
      routes: recordings.routes,
      identify: (request) => identify({ database, accounts: noAccounts, clock: systemClock }, request),
      log,
      ownOrigins: () => [],
      checkAnswers: true,
    });
    const url = await server.listen({ port, host: "127.0.0.1" });
    port = Number(new URL(url).port);
    current = { recordings, spool, jobs, server, url };
  }

  let stopped = false;
  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await current.server.close();
    await current.recordings.stop();
    await current.spool.stop();
    await current.jobs.stop();
  }

  const send: RecordingsRig["send"] = async (camera, method, path, body, headers = {}) => {
    const raw = body instanceof Uint8Array;
    const answer = await fetch(`${current.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${camera.token}`,
        ...(body === undefined || raw ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (answer.headers.get("content-type") ?? "").includes("json");
    return { status: answer.status, body: json ? (JSON.parse(text) as Record<string, unknown>) : { text } };
  };

  await start({});
  return {
    intake,
    time,
    errors,
    url: () => current.url,
    recordings: () => current.recordings,
    spool: () => current.spool,
    async key(role, name = randomUUID(), of = agencyId) {
      const deps = { database, custody, clock: systemClock };
      const key = await createKey(deps, of, null, {
        name,
        role,
        ...(role === "device" ? { deviceName: name } : {}),
      });
      return { token: key.token, deviceId: key.deviceId ?? "" };
    },
    send,
    put: (camera, path, bytes, headers) =>
      send(camera, "PUT", path, bytes, { "content-digest": digestOf(bytes), ...headers }),
    async open(camera, id = randomUUID(), more = {}) {
      const clock = { utc: new Date().toISOString(), source: "ntp", uncertaintyMs: 50 };
      const answer = await send(camera, "POST", "/api/v1/recordings", { id, clock, ...more });
      if (answer.status > 201) throw new Error(`open answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return id;
    },
    async status(camera, id) {
      const answer = await send(camera, "GET", `/api/v1/recordings/${id}`);
      if (answer.status !== 200) throw new Error(`status answered ${answer.status}`);
      return answer.body as unknown as RecordingStatus;
    },
    async settle(id, state) {
      for (let tries = 0; tries < 200; tries++) {
        await current.recordings.look();
        const row = await database.forAgency(agencyId, (tx) =>
          tx.selectFrom("sworn.evidence").select("state").where("id", "=", id).executeTakeFirst(),
        );
        if (row?.state === state) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`evidence ${id} did not become ${state}\n${errors.join("\n")}`);
    },
    stop,
    async restart(given = {}, broken = {}) {
      await stop();
      stopped = false;
      await start(given, broken);
    },
    async end() {
      await stop();
      await intake.end();
    },
  };
}

export const digestOf = (bytes: Uint8Array): string =>
  `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;

/** A real ffmpeg recording, cut: picture with a clock, sound, a key frame each second. `tone` tells takes apart. */
export function makeMedia(
  seconds: number,
  tone = 440,
  extra: readonly string[] = [],
): { init: Buffer; fragments: Buffer[] } {
  const source =
    `-v error -f lavfi -i testsrc2=size=128x72:rate=10:duration=${seconds} ` +
    `-f lavfi -i sine=frequency=${tone}:sample_rate=16000:duration=${seconds}`;
  const codecs = "-c:v libx264 -preset ultrafast -g 10 -pix_fmt yuv420p -c:a aac -b:a 32k";
  const format = "-movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer+skip_sidx -f mp4 pipe:1";
  const args = [...source.split(" "), ...codecs.split(" "), ...extra, ...format.split(" ")];
  const stream = execFileSync("ffmpeg", args, { maxBuffer: 64 * 1024 * 1024 });
  const units = createSplitter().push(stream);
  const [init, ...fragments] = units.map((unit) => Buffer.from(unit.bytes));
  if (init === undefined) throw new Error("ffmpeg wrote nothing");
  return { init, fragments };
}
