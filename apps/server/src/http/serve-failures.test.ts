import { connect } from "node:net";
import { Problem } from "@sworn/contract";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { route, type Principal } from "../ports/http.ts";
import { SpoolError } from "../ports/spool.ts";
import { TokenBuckets } from "../ports/token-buckets.ts";
import { trustProxies } from "./client-address.ts";
import { serveRoutes } from "./serve-routes.ts";

// What the operator hears of, what nobody need hear of, and how many requests a camera may send.

const camera: Principal = {
  kind: "key",
  actorId: "11111111-1111-4111-8111-111111111111",
  agencyId: "22222222-2222-4222-8222-222222222222",
  roles: ["device"],
  personId: null,
  deviceId: "33333333-3333-4333-8333-333333333333",
};
const logged: { level: string; message: string; fields: object }[] = [];
const note =
  (level: string) =>
  (fields: object, message: string): void =>
    void logged.push({ level, message, fields });
const ok = (): Promise<{ body: object }> => Promise.resolve({ body: { ok: true } });
const damaged = (): Problem => new Problem("storage-damaged", undefined, { extra: { damage: "object-missing" } });
const open = { public: "a test" } as const;
const routes = [
  route({ method: "GET", path: "/counted", access: { signedIn: true }, summary: "", handle: ok }),
  route({ method: "GET", path: "/fragment", access: { signedIn: true }, uncounted: true, summary: "", handle: ok }),
  route({
    method: "GET",
    path: "/broken",
    access: open,
    summary: "",
    handle: () => Promise.reject(new Error("password of the database: 1234")),
  }),
  route({ method: "POST", path: "/form", access: open, summary: "", body: z.object({}), handle: ok }),
  route({
    method: "GET",
    path: "/ip",
    access: open,
    summary: "",
    handle: ({ ip }) => Promise.resolve({ body: { ip } }),
  }),
  route({
    method: "GET",
    path: "/damaged/:when",
    access: open,
    summary: "",
    params: z.object({ when: z.enum(["before", "first", "later", "spool"]) }),
    handle: ({ params: { when } }) => {
      if (when === "before") throw damaged();
      if (when === "spool") throw new SpoolError("damaged", "fragment 1 does not open");
      return Promise.resolve({
        body: (async function* () {
          await Promise.resolve();
          if (when === "later") yield new Uint8Array(3 << 20);
          throw damaged();
        })(),
      });
    },
  }),
];

let server: FastifyInstance;
let url: string;
beforeAll(async () => {
  server = serveRoutes({
    routes,
    identify: ({ headers }) =>
      Promise.resolve(headers.has("authorization") ? { principal: camera, viaCookie: false } : null),
    log: { info: note("info"), warn: note("warn"), error: note("error") },
    ownOrigins: () => [],
    requests: new TokenBuckets({ burst: 3, perSecond: 0.001 }, { monotonic: () => 0 }),
    clientAddress: trustProxies(["127.0.0.0/8", "::1"]),
  });
  url = await server.listen({ port: 0, host: "127.0.0.1" });
});
beforeEach(() => void logged.splice(0));
afterAll(() => server.close());

it("counts a camera's requests, but not its fragments", async () => {
  const get = async (path: string): Promise<number> =>
    (await fetch(url + path, { headers: { authorization: "Bearer x" } })).status;
  for (let i = 0; i < 10; i++) expect(await get("/fragment")).toBe(200);
  for (let i = 0; i < 3; i++) expect(await get("/counted")).toBe(200);
  expect([await get("/counted"), await get("/fragment")]).toEqual([429, 200]);
});

it("takes a trusted proxy's word on the client's address", async () => {
  const answer = await fetch(`${url}/ip`, { headers: { "x-forwarded-for": "203.0.113.9, 192.0.2.1" } });
  expect(await answer.json()).toEqual({ ip: "192.0.2.1" });
});

it.each(["before", "first", "later", "spool"])(
  "tells the operator once of damage found while serving (%s)",
  async (when) => {
    const answer = await fetch(`${url}/damaged/${when}`);
    if (when === "later") await expect(answer.arrayBuffer()).rejects.toThrow();
    else expect(await answer.json()).toMatchObject({ status: 500, code: "storage-damaged" });
    expect(logged).toMatchObject([{ level: "error", message: "what is stored is damaged: run the check" }]);
  },
);

it("tells nobody but the operator what failed unexpectedly", async () => {
  const answer = await (await fetch(`${url}/broken`)).text();
  expect(JSON.parse(answer)).toMatchObject({ status: 500, code: "internal" });
  expect(answer).not.toContain("1234");
  expect(logged).toMatchObject([{ level: "error", message: "unexpected failure in a request" }]);
});

it("keeps clients that leave in the middle of a body out of the operator's log", async () => {
  const ended = vi.fn();
  for (const how of ["destroy", "resetAndDestroy"] as const) {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => undefined).on("close", ended);
    socket.write("POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket[how]();
  }
  await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(2), 20_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(logged).toEqual([]);
});
