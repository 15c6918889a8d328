import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { Role, UploadStatus } from "@sworn/contract";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { openQueue } from "../../adapters/queue/index.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Principal, Route } from "../../ports/http.ts";
import { type IntakeDeps, makeUploadWriters, sealUpload, uploadRoutes } from "./index.ts";
import { type IntakeFixture, makeIntakeFixture } from "./testing.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

/** Uploads alone behind a real HTTP server on a real database, queue and disk; restartable over the same data. */
export interface UploadsRig {
  readonly intake: IntakeFixture;
  readonly deps: IntakeDeps;
  readonly time: { offset: number };
  readonly errors: string[];
  url(): string;
  /** A person (or device key) with these roles; the answer is the bearer token. */
  person(roles?: readonly Role[], more?: Partial<Principal>): Promise<string>;
  send(
    token: string,
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: Uint8Array,
  ): Promise<Answer>;
  /** A request whose body the test writes itself. */
  stream(
    token: string,
    method: string,
    path: string,
    headers: Record<string, string>,
  ): { request: ClientRequest; answer: Promise<Answer> };
  create(token: string, length: number, metadata?: Record<string, string>): Promise<string>;
  patch(
    token: string,
    path: string,
    offset: number,
    body: Uint8Array,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  offset(token: string, path: string): Promise<number>;
  status(token: string, path: string): Promise<UploadStatus>;
  /** Seals now, without the queue. */
  seal(path: string): Promise<void>;
  objects(): Promise<string[]>;
  events(evidenceId: string): Promise<{ kind: string; event: string }[]>;
  restart(changes?: Partial<IntakeDeps>): Promise<void>;
  end(): Promise<void>;
}

export const TUS = { "tus-resumable": "1.0.0" };
export const encodeMetadata = (pairs: Record<string, string>): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
    .join(",");

/** Bytes that begin as an MP4 file does and go on at random: intake looks no further. */
export function mp4Bytes(length: number): Buffer {
  const bytes = randomBytes(length);
  Buffer.from("00000018667479706d703432000000006d70343269736f6d", "hex").copy(bytes);
  return bytes;
}

export async function makeUploadsRig(
  changes: Partial<IntakeDeps> = {},
  fixture?: IntakeFixture,
  moreRoutes: (deps: IntakeDeps) => readonly Route[] = () => [],
): Promise<UploadsRig> {
  const intake = fixture ?? (await makeIntakeFixture());
  const { database, agencyId, test } = intake;
  const time = { offset: 0 };
  const clock: Clock = { now: () => Date.now() + time.offset, monotonic: () => performance.now() + time.offset };
  const errors: string[] = [];
  const note = (fields: object, text: string): void =>
    void errors.push(
      `${text} ${"err" in fields && fields.err instanceof Error ? (fields.err.stack ?? "") : JSON.stringify(fields)}`,
    );
  const log = { info: () => undefined, warn: note, error: note };
  const jobs = await openQueue({
    connection: loginConfig(test.ownerConfig, "sworn_app", test.loginSecret),
    log,
    works: false,
  });
  const principals = new Map<string, Principal>();
  const base: IntakeDeps = {
    blobStore: intake.blobStore,
    database,
    evidenceKeys: intake.evidenceKeys,
    diskReserve: intake.diskReserve,
    sealStream: intake.sealStream,
    clock,
    custody: { clock, software: "sworn test" },
    jobs,
    log,
    writers: makeUploadWriters(200),
    maySee: () => Promise.resolve(true),
    ...changes,
  };
  let deps = base;
  let server = serve();
  let url = await server.listen({ port: 0, host: "127.0.0.1" });

  function serve(): ReturnType<typeof serveRoutes> {
    return serveRoutes({
      routes: [...uploadRoutes(deps), ...moreRoutes(deps)],
      identify: ({ headers }) => {
        const principal = principals.get((headers.get("authorization") ?? "").replace("Bearer ", ""));
        return Promise.resolve(principal === undefined ? null : { principal, viaCookie: false });
      },
      log,
      ownOrigins: () => [],
      checkAnswers: true,
    });
  }

  function stream(
    token: string,
    method: string,
    path: string,
    headers: Record<string, string>,
  ): { request: ClientRequest; answer: Promise<Answer> } {
    const request = httpRequest(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...TUS, ...headers },
      agent: false,
    });
    // A server that refuses early closes while we still write: the answer counts, not the pipe.
    request.on("error", () => undefined);
    const answer = (async (): Promise<Answer> => {
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString();
      const json = (response.headers["content-type"] ?? "").includes("json") && text !== "";
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    })();
    answer.catch(() => undefined);
    return { request, answer };
  }

  const rig: UploadsRig = {
    intake,
    get deps() {
      return deps;
    },
    time,
    errors,
    url: () => url,
    async person(roles = ["officer"], more = {}) {
      const id = randomUUID();
      const token = `token-${id}`;
      const owner = await test.owner();
      if (more.kind !== "key")
        await owner.query(
          "insert into sworn.person (id, agency_id, name, email, roles) values ($1, $2, 'Ofc. Adair', $3, $4)",
          [id, more.agencyId ?? agencyId, `${id}@example.org`, roles],
        );
      principals.set(token, {
        kind: "person",
        actorId: id,
        agencyId,
        roles,
        personId: more.kind === "key" ? null : id,
        deviceId: null,
        scope: { units: "all", classes: [] },
        ...more,
      });
      return token;
    },
    async send(token, method, path, headers = {}, body) {
      const { request, answer } = stream(token, method, path, {
        ...headers,
        ...(body === undefined ? {} : { "content-length": String(body.length) }),
      });
      request.end(body);
      return await answer;
    },
    stream,
    async create(token, length, metadata = { filename: "clip.mp4" }) {
      const answer = await rig.send(token, "POST", "/api/v1/uploads", {
        "upload-length": String(length),
        "upload-metadata": encodeMetadata(metadata),
      });
      if (answer.status !== 201) throw new Error(`create answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.headers.location ?? "";
    },
    patch: (token, path, offset, body, headers = {}) =>
      rig.send(
        token,
        "PATCH",
        path,
        { "content-type": "application/offset+octet-stream", "upload-offset": String(offset), ...headers },
        body,
      ),
    async offset(token, path) {
      const answer = await rig.send(token, "HEAD", path);
      return answer.status === 200 ? Number(answer.headers["upload-offset"]) : -answer.status;
    },
    async status(token, path) {
      return (await rig.send(token, "GET", `${path}/status`)).body as unknown as UploadStatus;
    },
    seal: (path) => sealUpload(deps, { agencyId, id: path.split("/").at(-1) ?? "" }, new AbortController().signal),
    async objects() {
      const keys: string[] = [];
      for await (const { key } of deps.blobStore.list()) keys.push(key);
      return keys;
    },
    async events(evidenceId) {
      const owner = await test.owner();
      const found = await owner.query<{ kind: string; event: string }>(
        "select e.kind, b.event from custody.entry e join custody.event_body b on b.entry_id = e.id where e.subject_id = $1 order by e.n",
        [evidenceId],
      );
      return found.rows;
    },
    async restart(next = {}) {
      await server.close();
      deps = { ...base, writers: makeUploadWriters(200), ...next };
      server = serve();
      url = await server.listen({ port: Number(new URL(url).port), host: "127.0.0.1" });
    },
    async end() {
      await server.close();
      await jobs.stop();
      if (fixture === undefined) await intake.end();
    },
  };
  return rig;
}

export async function waitFor(what: string, ready: () => Promise<boolean> | boolean): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited 10 s for ${what}`);
}
