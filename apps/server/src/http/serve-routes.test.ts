import { connect } from "node:net";
import { Problem, problems, type ProblemCode } from "@sworn/contract";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { route, type Principal } from "../ports/http.ts";
import { serveRoutes } from "./serve-routes.ts";

const officer: Principal = {
  kind: "person",
  actorId: "11111111-1111-4111-8111-111111111111",
  agencyId: "22222222-2222-4222-8222-222222222222",
  roles: ["officer"],
  personId: "11111111-1111-4111-8111-111111111111",
  deviceId: null,
};
const logged: string[] = [];
const routes = [
  route({
    method: "GET",
    path: "/api/v1/open",
    access: { public: "a test" },
    summary: "",
    handle: () => Promise.resolve({ body: { ok: true } }),
  }),
  route({
    method: "POST",
    path: "/api/v1/open-form",
    access: { public: "a test" },
    summary: "",
    body: z.object({ text: z.string() }),
    handle: () => Promise.resolve({ body: { ok: true } }),
  }),
  route({
    method: "POST",
    path: "/api/v1/echo",
    access: { permission: "upload.create" },
    summary: "",
    body: z.object({ text: z.string().max(10) }),
    handle: ({ body }) => Promise.resolve({ body }),
  }),
  route({
    method: "GET",
    path: "/api/v1/people",
    access: { permission: "person.manage" },
    summary: "",
    handle: () => Promise.resolve({ body: {} }),
  }),
  route({
    method: "GET",
    path: "/api/v1/item/:id",
    access: { signedIn: true },
    summary: "",
    params: z.object({ id: z.uuid() }),
    handle: ({ params }) => Promise.resolve({ body: params }),
  }),
  route({
    method: "GET",
    path: "/api/v1/fail/:code",
    access: { public: "a test" },
    summary: "",
    params: z.object({ code: z.string() }),
    handle: ({ params }) => {
      if (params.code in problems) throw new Problem(params.code as ProblemCode, "because", { extra: { offset: 7 } });
      throw new Error("secret-from-the-inside");
    },
  }),
];

let server: FastifyInstance;
let url = "";
beforeAll(async () => {
  server = serveRoutes({
    routes,
    identify: ({ headers }) =>
      Promise.resolve(
        headers.get("authorization") === "Bearer officer"
          ? { principal: officer, viaCookie: false }
          : headers.get("cookie") === "s=officer"
            ? { principal: officer, viaCookie: true }
            : null,
      ),
    log: { info: () => undefined, warn: () => undefined, error: (fields) => void logged.push(JSON.stringify(fields)) },
    ownOrigins: () => ["https://sworn.example"],
  });
  url = await server.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => server.close());

const key = { authorization: "Bearer officer" };
async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; code: string; headers: Headers }> {
  const response = await fetch(url + path, init);
  const body = (await response.json()) as { code?: string };
  return { status: response.status, code: body.code ?? "", headers: response.headers };
}
const json = (text: string, more: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body: text,
  headers: { "content-type": "application/json", ...more },
});

describe("who may", () => {
  it("is asked before anything is parsed", async () => {
    expect(await ask("/api/v1/echo", json("{broken"))).toMatchObject({ status: 401, code: "not-signed-in" });
    expect(await ask("/api/v1/people", { headers: key })).toMatchObject({ status: 403, code: "not-allowed" });
    expect(await ask("/api/v1/item/not-an-id", { headers: key })).toMatchObject({ status: 404, code: "not-found" });
  });

  it("refuses a change by cookie that our own page did not make", async () => {
    const cookie = { cookie: "s=officer" };
    const text = '{"text":"x"}';
    expect(await ask("/api/v1/echo", json(text, cookie))).toMatchObject({ status: 403, code: "csrf-refused" });
    expect(await ask("/api/v1/echo", json(text, { ...cookie, "sec-fetch-site": "cross-site" }))).toMatchObject({
      status: 403,
    });
    expect(await ask("/api/v1/echo", json(text, { ...cookie, "sec-fetch-site": "same-site" }))).toMatchObject({
      status: 403,
    });
    expect(await ask("/api/v1/echo", json(text, { ...cookie, origin: "https://evil.example" }))).toMatchObject({
      status: 403,
    });
    expect(await ask("/api/v1/echo", json(text, { ...cookie, "sec-fetch-site": "same-origin" }))).toMatchObject({
      status: 200,
    });
    expect(await ask("/api/v1/echo", json(text, { ...cookie, origin: "https://sworn.example" }))).toMatchObject({
      status: 200,
    });
    expect(await ask("/api/v1/echo", json(text, key))).toMatchObject({ status: 200 });
  });
});

describe("what is sent", () => {
  it.each([
    ["{", {}, 400, "request-malformed"],
    ["", {}, 400, "request-malformed"],
    ['{"__proto__":{"text":"x"}}', {}, 400, "request-malformed"],
    ['{"text":"longer than ten letters"}', {}, 400, "request-malformed"],
    ['{"text":"x"}', { "content-type": "application/json\t; a" }, 415, "media-type-unsupported"],
    ['{"text":"x"}', { "content-type": "text/plain" }, 415, "media-type-unsupported"],
    [`{"text":"${"x".repeat(1 << 20)}"}`, {}, 413, "body-too-large"],
    ['{"text":"\\u0000"}', {}, 400, "request-malformed"],
    ['{"text":"\\ud800"}', {}, 400, "request-malformed"],
    ['{"text":"x","\\u005f_proto__":1}', {}, 400, "request-malformed"],
  ])("refuses %.30s", async (text, headers, status, code) => {
    expect(await ask("/api/v1/echo", json(text, { ...key, ...headers }))).toMatchObject({ status, code });
  });

  it.each(["/api/v1/item%2f..%2fpeople", "/api/v1/a%5cb", "/api/v1/a%00", "/api//v1/open", "/api/v1/nothing"])(
    "finds nothing at %s",
    async (path) => {
      expect(await ask(path, { headers: key })).toMatchObject({ status: 404, code: "not-found" });
    },
  );
});

it("takes only a form's worth from somebody who has proven nothing", async () => {
  const text = JSON.stringify({ text: "x".repeat(20_000) });
  expect(await ask("/api/v1/open-form", json(text))).toMatchObject({ status: 413, code: "body-too-large" });
});

it("judges a mebibyte of JSON without keeping everybody else waiting", async () => {
  const text = `{"text":"x","more":[${"1,".repeat(500_000)}1]}`;
  const before = process.cpuUsage();
  expect(await ask("/api/v1/echo", json(text, key))).toMatchObject({ status: 200 });
  // Work, not time: a machine that is busy with something else is no failure. A reviver took seconds.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_500);
});

it("answers a URL that does not decode with the safe headers, and no text that is not one", async () => {
  const broken = await ask("/api/v1/item/%", { headers: key });
  expect(broken).toMatchObject({ status: 400, code: "request-malformed" });
  expect(broken.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await ask("/api/v1/open?q=%00")).toMatchObject({ status: 400, code: "request-malformed" });
});

it("leaves no connection open whose body never came", async () => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write("GET /api/v1/open HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
  await new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
    socket.resume();
  });
}, 10_000);

describe("what is answered", () => {
  it("carries the safe headers everywhere", async () => {
    for (const path of ["/api/v1/open", "/api/v1/nothing", "/api/v1/fail/internal"]) {
      const { headers } = await ask(path);
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it.each(Object.entries(problems))("tells %s with its status and closed code", async (code, { status }) => {
    const response = await fetch(`${url}/api/v1/fail/${code}`);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(await response.json()).toMatchObject({ code, status, detail: "because", offset: 7 });
  });

  it("keeps what went wrong inside to the operator's log", async () => {
    const response = await fetch(`${url}/api/v1/fail/other`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret-from-the-inside");
    expect(logged.length).toBeGreaterThan(0);
  });
});

it("closes sockets that dribble their headers", async () => {
  const port = Number(new URL(url).port);
  const socket = connect(port, "127.0.0.1");
  socket.write("GET /api/v1/open HTTP/1.1\r\nHost: a\r\n");
  await new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
    socket.on("error", () => undefined);
    socket.resume();
  });
}, 20_000);
