import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { Sworn } from "@sworn/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD, DemoAdmin } from "../../tools/demo/people.ts";
import { run } from "../../tools/demo/server-process.ts";
import { ServerProcess } from "../fault/harness/server-process.ts";
import { ask, signIn } from "./harness/ask.ts";
import { makeHome } from "./harness/home.ts";
import { type ApiDescription, type Operation } from "./harness/id-kinds.ts";

let folder: string;
let server: ServerProcess;
let way: Server;
let token: string;
let auditor: Sworn;
/** The server through a connection that ends as its next answers begin. */
let throughWay: Sworn;
let cuts = 0;

beforeAll(async () => {
  const { home, ...made } = await makeHome();
  folder = made.folder;
  const env = { SWORN_CHECK_ANSWERS: "1", SWORN_LOG: "warn", NODE_ENV: "production" };
  server = await ServerProcess.launch({ home, env });
  await vi.waitFor(() => expect(server.said).toMatch(/#token=\S+\s/));
  const admin = new DemoAdmin(server.url);
  await admin.setUp(/#token=(\S+)/.exec(server.said)?.[1] ?? "");
  token = (await admin.makeKeys([])).reader;
  const cookie = await signIn(server.url, "brandt@demo.example", DEMO_PASSWORD, "127.0.0.9");
  const headers = { cookie, origin: server.url, "content-type": "application/json" };
  auditor = new Sworn({ url: server.url, fetch: (input, init) => fetch(input, { ...init, headers }) });
  const port = Number(new URL(server.url).port);
  way = createServer((client) => {
    const beyond = connect(port, "127.0.0.1");
    client.pipe(beyond);
    // An answer begins once everything is committed: it is lost, not what it speaks of.
    beyond.on("data", (part) => {
      if (cuts === 0) return client.write(part);
      cuts -= 1;
      return client.destroy();
    });
    for (const [one, other] of [
      [client, beyond],
      [beyond, client],
    ] as const)
      one.on("close", () => other.destroy()).on("error", () => other.destroy());
  });
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
  throughWay = new Sworn({ url: `http://127.0.0.1:${(way.address() as AddressInfo).port}`, token });
}, 240_000);
afterAll(async () => {
  way.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}, 40_000);

async function created(): Promise<number> {
  let events = 0;
  for await (const line of auditor.audit.all({ kind: ["incident.created"] })) events += line.kind === null ? 0 : 1;
  return events;
}

describe("the SDK against a server", () => {
  it("repeats a change whose answer was lost: the same answer, one event", async () => {
    const before = await created();
    cuts = 2;
    const made = await throughWay.incidents.create({ number: "26-4711" });
    expect(cuts).toBe(0);
    expect(made.number).toBe("26-4711");
    expect(await created()).toBe(before + 1);
    // Without a key nobody would dare to: told as it is, and done all the same.
    cuts = 1;
    const careless = new Sworn({ url: throughWay.http.url(""), token, idempotencyKey: null });
    await expect(careless.incidents.create({ number: "26-4712" })).rejects.toMatchObject({ code: "network" });
    await expect.poll(created).toBe(before + 2);
  });

  it("answers a program that starts anew under its own key with what it got before", async () => {
    const before = await created();
    const create = (): Promise<{ id: string }> =>
      throughWay.under("row-17-of-2026-11-20").incidents.create({ number: "26-4713" });
    expect((await create()).id).toBe((await create()).id);
    expect(await created()).toBe(before + 1);
    const other = throughWay.under("row-17-of-2026-11-20").incidents.create({ number: "26-4714" });
    await expect(other).rejects.toMatchObject({ code: "key-reused" });
  });

  it("gives every item of a list that has pages, each once", async () => {
    const numbers: string[] = [];
    for await (const { number } of throughWay.incidents.all({ limit: 1 })) numbers.push(number);
    expect(numbers.toSorted()).toEqual(["26-4711", "26-4712", "26-4713"]);
  });

  it("sends a key exactly where the server keeps the answer, and none where a password or a take is sent", async () => {
    const api = JSON.parse(
      (await ask(server.url, { method: "GET", path: "/api/v1/openapi.json" })).body.toString(),
    ) as ApiDescription;
    const keyless = new Set<string>();
    let keyed = 0;
    for (const { method, path, key } of await everyChange()) {
      const [template, operation] = operationOf(api, method, path) ?? [path, null];
      const takes = (operation?.parameters ?? []).some(({ name }) => name === "Idempotency-Key");
      if (key) {
        expect(takes, `${method} ${path} is sent with a key`).toBe(true);
        keyed += 1;
      } else if (takes) keyless.add(`${method} ${template}`);
    }
    expect(keyed).toBeGreaterThan(50);
    // What belongs to sessions and to proving who one is, and what a browser says with every step.
    const personal = /^\w+ \/api\/v1\/(account|session|sign-in-policy|views\/left$|people\/\{id\}\/(factors|unlock))/;
    expect([...keyless].filter((route) => !personal.test(route)).toSorted()).toEqual([
      "PATCH /api/v1/people/{id}", // may hold a password
      "POST /api/v1/recordings", // a camera's own ids and numbers
      "POST /api/v1/recordings/{id}/close",
      "PUT /api/v1/recordings/{id}/takes/{k}/track",
    ]);
  });

  it("does what its README shows", async () => {
    const sdk = join(import.meta.dirname, "../../packages/sdk");
    const shown = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(sdk, "README.md"), "utf8"))?.[1];
    expect(shown).toBe(readFileSync(join(sdk, "example.ts"), "utf8"));
    const { code, out, err } = await run("packages/sdk/example.ts", [], { SWORN_URL: server.url, SWORN_TOKEN: token });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/26-0815 is kept as [0-9a-f-]{36}/);
    expect(out).toContain("26-4711");
  });
});

/** What every method of the SDK sends that changes something; its server refuses all. */
async function everyChange(): Promise<{ method: string; path: string; key: boolean }[]> {
  const sent: { method: string; path: string; key: boolean }[] = [];
  const sworn = new Sworn({
    url: "http://sworn.test",
    fetch: async (input, init) => {
      const method = init?.method ?? "";
      const key = new Headers(init?.headers).has("idempotency-key");
      if (!["GET", "HEAD"].includes(method)) sent.push({ method, path: new URL(input as string).pathname, key });
      return Response.json({ code: "not-found" }, { status: 404 });
    },
  });
  const { http: _, ...clients } = sworn;
  // Does for every argument: an id, a body, a signal. Nothing is looked at before it is sent.
  const given = Object.assign(new AbortController().signal, { toString: () => "a" });
  for (const client of [sworn, ...Object.values(clients)])
    for (const call of methodsOf(client)) {
      const asked: unknown = await Promise.resolve()
        .then(() => call.apply(client, [given, given, given, given]))
        .catch(() => null);
      expect(asked, call.name).not.toBeInstanceOf(Response);
    }
  return sent;
}

function methodsOf(client: object): ((...given: object[]) => unknown)[] {
  const found: ((...given: object[]) => unknown)[] = [];
  for (
    let of = Object.getPrototypeOf(client) as object;
    of !== Object.prototype;
    of = Object.getPrototypeOf(of) as object
  )
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of)))
      if (typeof value === "function" && name !== "constructor") found.push(value as (...given: object[]) => unknown);
  return found;
}

function operationOf(api: ApiDescription, method: string, path: string): [string, Operation | undefined] | null {
  const places = (template: string): number => template.split("{").length;
  const [template] = Object.keys(api.paths)
    .filter((each) => new RegExp(`^${each.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path))
    .toSorted((one, other) => places(one) - places(other));
  return template === undefined ? null : [template, api.paths[template]?.[method.toLowerCase()]];
}
