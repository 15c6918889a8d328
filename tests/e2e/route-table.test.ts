import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  keyPermissions,
  outsideRoles,
  type Permission,
  permissions,
  permits,
  type Role,
  rolePermissions,
  roles,
} from "@sworn/contract";
import { Sworn } from "@sworn/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD, DemoAdmin } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { ServerProcess } from "../fault/harness/server-process.ts";
import { type Answer, ask, atOnce, signIn } from "./harness/ask.ts";
import { makeHome } from "./harness/home.ts";
import { recordShortly, settled } from "./harness/record.ts";
import type { Mounted } from "./harness/serve-listed.ts";

// Who may call what. The table is committed and reviewed; a route that changes or appears changes it, or this fails.

vi.setConfig({ testTimeout: 240_000 });

interface Row {
  readonly method: string;
  readonly path: string;
  readonly access: "public" | "signed-in" | Permission;
}
interface Asker {
  readonly name: string;
  /** What a key may: never all that its role may. Left out: what the roles say. */
  readonly permissions?: readonly Permission[];
  readonly roles: readonly Role[];
  readonly headers: Readonly<Record<string, string>>;
}

const table = JSON.parse(await readFile(join(import.meta.dirname, "route-table.json"), "utf8")) as Row[];
const mayDo = ({ roles: held, permissions: had }: Asker, permission: Permission): boolean =>
  had?.includes(permission) ?? permits(held, permission);
const nobody: Asker = { name: "nobody", roles: [], headers: {} };

let folder: string;
let server: ServerProcess;
let mounted: Mounted[];
const askers: Asker[] = [nobody];
/** Signed in with passwords: what they record with the cameras they wear is theirs. */
let adair: Asker;
let items: { own: string; others: string; otherAgency: string };

beforeAll(async () => {
  const { home, ...made } = await makeHome();
  folder = made.folder;
  const env = {
    E2E_ROUTES_FILE: join(folder, "routes.json"),
    SWORN_CHECK_ANSWERS: "1",
    SWORN_LOG: "warn",
    NODE_ENV: "production",
  };
  const program = join(import.meta.dirname, "harness/serve-listed.ts");
  server = await ServerProcess.launch({ home, program, env });
  mounted = JSON.parse(await readFile(env.E2E_ROUTES_FILE, "utf8")) as Mounted[];
  await vi.waitFor(() => expect(server.said).toMatch(/#token=\S+\s/));

  const admin = new DemoAdmin(server.url);
  await admin.setUp(/#token=(\S+)/.exec(server.said)?.[1] ?? "");
  await signInEveryRole(admin);
  await recordForEverybody(admin);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}, 40_000);

async function signInEveryRole(admin: DemoAdmin): Promise<void> {
  for (const [index, role] of roles.entries()) {
    if (role !== "device") {
      const email = `${role}@demo.example`;
      await admin.call("POST", "/api/v1/people", { name: `A. ${role}`, email, roles: [role], password: DEMO_PASSWORD });
      const cookie = await signIn(server.url, email, DEMO_PASSWORD, `127.0.0.${10 + index}`);
      askers.push({ name: `person, ${role}`, roles: [role], headers: { cookie, origin: server.url } });
    }
  }
  // A key never does more than its maker may: whoever makes one for every role has every role.
  const every = {
    name: "E. Everything",
    email: "every@demo.example",
    roles: roles.filter((role) => role !== "device" && !outsideRoles.includes(role)),
  };
  await admin.call("POST", "/api/v1/people", { ...every, password: DEMO_PASSWORD });
  const maker = { cookie: await signIn(server.url, every.email, DEMO_PASSWORD, "127.0.0.31"), origin: server.url };
  for (const role of roles) {
    const body = { name: `K. ${role}`, role };
    const made = await ask(server.url, { method: "POST", path: "/api/v1/keys", headers: maker, body });
    const { token } = JSON.parse(made.body.toString()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    askers.push({ name: `key, ${role}`, roles: [role], permissions: keyPermissions(role, null), headers });
  }
  const cookie = await signIn(server.url, "adair@demo.example", DEMO_PASSWORD, "127.0.0.30");
  adair = { name: "Ofc. Adair", roles: ["officer"], headers: { cookie, origin: server.url } };
}

async function recordForEverybody(admin: DemoAdmin): Promise<void> {
  const person = { name: "Ofc. Brandt", email: "other@demo.example", roles: ["officer"], password: DEMO_PASSWORD };
  const { personId } = await admin.call<{ personId: string }>("POST", "/api/v1/people", person);
  const { cameras, reader } = await admin.makeKeys([{ name: "VX-1", model: "Test", wornBy: "adair@demo.example" }]);
  const worn = await admin.call<{ token: string }>("POST", "/api/v1/devices", { name: "VX-2", personId });
  const beside = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await server.beside("admin.ts", args);
    if (code !== 0) throw new Error(`sworn admin ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const agency = await beside("create-agency", "--name", "Another agency");
  const key = (role: string): Promise<string> =>
    beside("create-key", "--agency", agency, "--name", `other ${role}`, "--role", role);
  const [camera, custodian] = [await key("device"), await key("custodian")];

  const footage = makeFootage(folder, 4);
  const tokens = [cameras[0]?.token ?? "", worn.token, camera];
  const [own = "", others = "", otherAgency = ""] = await Promise.all(
    tokens.map((token, n) => recordShortly(server.url, token, footage, `Recording ${n}`)),
  );
  items = { own, others, otherAgency };
  const readers = [reader, reader, custodian].map((token) => new Sworn({ url: server.url, token }));
  for (const [n, id] of [own, others, otherAgency].entries()) await settled(readers[n] as Sworn, id);
  const custodians = askers.find(({ name }) => name === "person, custodian")?.headers ?? {};
  const path = `/api/v1/evidence/${own}/captions`;
  const body = { vtt: "WEBVTT\n\n00:00.000 --> 00:01.000\nText" };
  const added = await ask(server.url, { method: "POST", path, headers: custodians, body });
  expect(added.status).toBe(201);
}

const send = (asker: Asker, method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(server.url, { method, path, headers: { origin: server.url, ...asker.headers, ...headers } });

/** A concrete address: an item where there is one, and what does not exist elsewhere, so that nothing is changed. */
function addressOf({ path }: Row, item = items.own): string {
  const id = /^\/api\/v1\/(evidence|recordings)\//.test(path) ? item : randomUUID();
  return path.replace(":id", id).replace(":k", "0").replace(":n", "0").replace("*", "no-such-thing");
}

describe("the table of routes", () => {
  it("is what is mounted, and nothing else is", () => {
    const line = ({ method, path, access }: Row): string => `${access}  ${method} ${path}`;
    expect(mounted.map(toRow).map(line).toSorted()).toEqual(table.map(line).toSorted());
  });

  it("is what the API says of itself", async () => {
    const answer = await ask(server.url, { method: "GET", path: "/api/v1/openapi.json" });
    const { paths } = JSON.parse(answer.body.toString()) as {
      paths: Record<string, Record<string, { "x-permission"?: string; security?: unknown[] }>>;
    };
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const access = operation["x-permission"] ?? (operation.security?.length === 0 ? "public" : "signed-in");
        return `${access}  ${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
      }),
    );
    // Wildcards have no form in OpenAPI, and the description does not describe itself.
    const known = table.filter(
      ({ path }) => !path.includes("*") && path !== "/api/v1/openapi.json" && path !== "/api/docs",
    );
    expect(told.toSorted()).toEqual(known.map(({ method, path, access }) => `${access}  ${method} ${path}`).toSorted());
  });

  it("uses every permission, and gives every permission to somebody", () => {
    expect(new Set(table.map(({ access }) => access))).toEqual(new Set(["public", "signed-in", ...permissions]));
    expect(new Set(Object.values(rolePermissions).flat())).toEqual(new Set(permissions));
  });
});

it("a set-up link made beside the server leads to it, wherever it listens", async () => {
  const { stdout } = await server.beside("admin.ts", ["create-set-up-link"]);
  expect(stdout.trim()).toMatch(/#token=\S+$/);
  expect(new URL(stdout.trim()).origin).toBe(server.url);
});

it("nobody is told more of the accounts here than whether there is one", async () => {
  const answer = await ask(server.url, { method: "GET", path: "/api/v1/set-up" });
  expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([200, { needed: false }]);
});

describe("every route and every role", () => {
  it("asks nobody to sign in where the table says so, before it looks at anything else", async () => {
    for (const row of table) {
      const { status, code } = await send(nobody, row.method, addressOf(row));
      const what = `${row.method} ${row.path} → ${status} ${code}`;
      if (row.access === "public") expect([401, 403], what).not.toContain(status);
      else expect(status, what).toBe(401);
      if (row.access !== "public" && row.method !== "HEAD") expect(code, what).toBe("not-signed-in");
    }
  });

  it("refuses a role what it may not do and nothing else", { timeout: 240_000 }, async () => {
    const wrong: string[] = [];
    let [allowed, denied] = [0, 0];
    for (const asker of askers.slice(1))
      await atOnce(table, async (row) => {
        const { status, code } = await send(asker, row.method, addressOf(row));
        const may = row.access === "public" || row.access === "signed-in" || mayDo(asker, row.access);
        const right = may ? status !== 401 && status !== 403 && status < 500 : status === 403;
        const named = may || row.method === "HEAD" || code === "not-allowed";
        if (!right || !named) wrong.push(`${asker.name}: ${row.method} ${row.path} → ${status} ${code}`);
        if (may) allowed += 1;
        else denied += 1;
      });
    expect(wrong).toEqual([]);
    // Both sides were really walked.
    expect(allowed).toBeGreaterThan(200);
    expect(denied).toBeGreaterThan(200);
  });

  it("takes nothing that changes anything from another site's page", async () => {
    const unsafe = table.filter(({ method }) => ["POST", "PUT", "PATCH", "DELETE"].includes(method));
    for (const row of unsafe.filter(({ access }) => access !== "public"))
      await atOnce(
        askers.filter(({ headers }) => headers["cookie"] !== undefined),
        async (asker) => {
          const headers = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
          const { status, code } = await send(asker, row.method, addressOf(row), headers);
          expect([status, code], `${asker.name}: ${row.method} ${row.path}`).toEqual([403, "csrf-refused"]);
        },
      );
  });

  it("answers keys and cookies that do not hold like nobody", async () => {
    for (const headers of [
      { authorization: "Bearer sworn_officer_0000000000000000000000000000" },
      { authorization: `Basic ${Buffer.from("a:b").toString("base64")}` },
      { cookie: "sworn.session_token=made.up" },
      // A bearer that does not hold never falls back to the cookie beside it.
      { cookie: adair.headers["cookie"] ?? "", authorization: "Bearer not-a-key-of-this-server" },
    ])
      expect((await ask(server.url, { method: "GET", path: "/api/v1/me", headers })).status).toBe(401);
  });
});

describe("an officer's items", () => {
  const ofItem = table.filter(({ path }) => /^\/api\/v1\/(evidence|recordings)\/:id/.test(path));
  const readable = ofItem.filter(
    ({ method, access }) => method === "GET" && permits(["officer"], access as Permission),
  );

  it("are theirs on every route", async () => {
    expect(readable.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["media", "poster", "track", "custody"].map((name) => `/api/v1/evidence/:id/${name}`)),
    );
    for (const row of readable) {
      const { status, code } = await send(adair, row.method, addressOf(row));
      // A recording that has ended has no live playlist and no fragments to serve any more.
      const ended = row.path.startsWith("/api/v1/recordings/:id/");
      if (!ended) expect([status, code], `${row.method} ${row.path}`).toEqual([200, null]);
    }
  });

  it("of another officer or agency are not there, in the same words as what does not exist", async () => {
    for (const row of ofItem.filter(({ access }) => permits(["officer"], access as Permission))) {
      const absent = await send(adair, row.method, addressOf(row, randomUUID()));
      for (const id of [items.others, items.otherAgency]) {
        const hidden = await send(adair, row.method, addressOf(row, id));
        const what = `${row.method} ${row.path}`;
        expect([hidden.status, hidden.body.toString()], what).toEqual([absent.status, absent.body.toString()]);
        // Where JSON is asked for, its lack is said before any item is looked at; who-may-see.test.ts sends some.
        const early = hidden.code === "media-type-unsupported" && row.method !== "GET";
        expect(hidden.status, what).toBe(early ? 415 : 404);
        if (row.method !== "HEAD" && !early) expect(hidden.code, what).toBe("not-found");
        expect(Object.keys(hidden.headers).toSorted(), what).toEqual(Object.keys(absent.headers).toSorted());
      }
    }
  });

  it("alone are listed, counted and found", async () => {
    const get = async (path: string): Promise<{ items: unknown }> =>
      JSON.parse((await send(adair, "GET", path)).body.toString()) as { items: unknown };
    for (const path of ["/api/v1/evidence", "/api/v1/evidence?q=recording", "/api/v1/recordings"])
      expect(await get(path), path).toMatchObject({ items: [{ id: items.own }] });
    expect(await get("/api/v1/evidence/totals")).toMatchObject({ items: 1 });
    // The other side of the same question: who sees the whole agency sees both of it, and no third.
    const supervisor = askers.find(({ name }) => name === "person, supervisor") ?? nobody;
    const all = await send(supervisor, "GET", "/api/v1/evidence");
    const ids = (JSON.parse(all.body.toString()) as { items: { id: string }[] }).items.map(({ id }) => id);
    expect(ids.toSorted()).toEqual([items.own, items.others].toSorted());
    expect((await send(supervisor, "GET", `/api/v1/evidence/${items.otherAgency}/media`)).status).toBe(404);
  });
});

function toRow({ method, path, access }: Mounted): Row {
  const given = (access ?? { public: "the web app's own files" }) as Record<string, string | boolean>;
  if (typeof given["public"] === "string") return { method, path, access: "public" };
  return { method, path, access: given["signedIn"] === true ? "signed-in" : (given["permission"] as Permission) };
}
