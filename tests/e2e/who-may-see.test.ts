import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { keyPermissions, type Permission, permits, type Role } from "@sworn/contract";
import { Sworn } from "@sworn/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD, DemoAdmin } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { ServerProcess } from "../fault/harness/server-process.ts";
import { type Answer, ask, atOnce, signIn } from "./harness/ask.ts";
import { makeHome } from "./harness/home.ts";
import { recordShortly, settled } from "./harness/record.ts";

// Who may see what: every route, every role, every relation to an item. What is expected stands in `sees` below, written
// from the design and not from the code; what somebody may not see must answer as what does not exist, to the byte.

vi.setConfig({ testTimeout: 300_000 });

interface Row {
  readonly method: string;
  readonly path: string;
  readonly access: string;
}
const table = JSON.parse(await readFile(join(import.meta.dirname, "route-table.json"), "utf8")) as Row[];

/** `own`: Ofc. Adair's, of the 7th, below North. `beside`: another officer's of the 7th. `sibling`: of South. */
const relations = ["own", "beside", "sibling", "nowhere", "restricted", "shared", "other-agency"] as const;
type Relation = (typeof relations)[number];
const open = ["own", "beside", "sibling", "nowhere", "shared"] as const;

/** The rule table: who sees which items. Whoever is not named sees none. */
const sees: Readonly<Record<string, readonly Relation[]>> = {
  "officer, Adair": ["own"],
  "officer, of South": ["sibling"],
  "supervisor of North": ["own", "beside"],
  "supervisor of South": ["sibling"],
  "supervisor of no unit": open,
  custodian: open,
  "custodian of the class": [...open, "restricted"],
  records: open,
  auditor: open,
  "prosecutor, shared with": ["shared"],
  "defence, shared with": ["shared"],
  "key, supervisor": open,
  "key, custodian": open,
  "key, records": open,
  "key, auditor": open,
  "other agency's custodian": ["other-agency"],
};
/** Everybody else who asks, and sees nothing. */
const blind: readonly string[] = [
  "trainer",
  "prosecutor",
  "defence",
  "admin",
  "key, officer",
  "key, trainer",
  "key, prosecutor",
  "key, defence",
  "key, admin",
  "key, device",
];

interface Asker {
  readonly name: string;
  readonly role: Role;
  readonly headers: Readonly<Record<string, string>>;
}
let folder: string;
let server: ServerProcess;
const askers: Asker[] = [];
const items = new Map<Relation, string>();
const titleOf = (relation: Relation): string => `Footage-${relation}`;
const asker = (name: string): Asker => {
  const found = askers.find((each) => each.name === name);
  if (found === undefined) throw new Error(`nobody is ${name}`);
  return found;
};
const send = (who: Asker | null, method: string, path: string, body?: object): Promise<Answer> =>
  ask(server.url, { method, path, headers: who?.headers ?? {}, ...(body === undefined ? {} : { body }) });

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
  await vi.waitFor(() => expect(server.said).toMatch(/#token=\S+\s/));
  const admin = new DemoAdmin(server.url);
  await admin.setUp(/#token=(\S+)/.exec(server.said)?.[1] ?? "");
  await settle(admin);
}, 240_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}, 40_000);

async function settle(admin: DemoAdmin): Promise<void> {
  const make = async (path: string, body: object): Promise<string> =>
    (await admin.call<{ id: string }>("POST", `/api/v1/${path}`, body)).id;
  const north = await make("units", { name: "North" });
  const seventh = await make("units", { name: "7th", parentId: north });
  const south = await make("units", { name: "South" });
  const affairs = await make("restricted-classes", { name: "Internal Affairs" });
  let from = 10;
  const person = async (name: string, role: Role, unitId: string | null = null): Promise<string> => {
    const email = `${name.replaceAll(/\W+/g, "-").toLowerCase()}@demo.example`;
    const body = { name: `D. ${name}`, email, roles: [role], password: DEMO_PASSWORD };
    const { personId } = await admin.call<{ personId: string }>("POST", "/api/v1/people", body);
    if (unitId !== null) await admin.call("PATCH", `/api/v1/people/${personId}`, { unitId });
    const cookie = await signIn(server.url, email, DEMO_PASSWORD, `127.0.0.${(from += 1)}`);
    askers.push({ name, role, headers: { cookie, origin: server.url } });
    return personId;
  };
  const wearers = {
    own: await person("officer, Adair", "officer", seventh),
    beside: await person("officer beside", "officer", seventh),
    sibling: await person("officer, of South", "officer", south),
  };
  askers.splice(
    askers.findIndex(({ name }) => name === "officer beside"),
    1,
  ); // as Adair, the other way round
  await person("supervisor of North", "supervisor", north);
  await person("supervisor of South", "supervisor", south);
  await person("supervisor of no unit", "supervisor");
  await person("custodian", "custodian");
  const member = await person("custodian of the class", "custodian");
  await admin.call("PUT", `/api/v1/restricted-classes/${affairs}/members/${member}`);
  for (const role of ["records", "auditor", "trainer", "admin", "prosecutor", "defence"] as const)
    await person(role, role);
  const personIds = [
    await person("prosecutor, shared with", "prosecutor"),
    await person("defence, shared with", "defence"),
  ];
  const beside = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await server.beside("admin.ts", args);
    if (code !== 0) throw new Error(`sworn admin ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const agency = await beside("create-agency", "--name", "Another agency");
  const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });
  const elsewhere = async (role: string): Promise<string> =>
    await beside("create-key", "--agency", agency, "--name", `other ${role}`, "--role", role);
  const foreign = await elsewhere("custodian");
  askers.push({ name: "other agency's custodian", role: "custodian", headers: bearer(foreign) });
  const { agency: own } = JSON.parse((await send(asker("custodian"), "GET", "/api/v1/me")).body.toString()) as {
    agency: { id: string };
  };
  for (const role of [
    "officer",
    "supervisor",
    "custodian",
    "records",
    "trainer",
    "prosecutor",
    "defence",
    "auditor",
    "admin",
    "device",
  ] as const)
    askers.push({
      name: `key, ${role}`,
      role,
      headers: bearer(await beside("create-key", "--agency", own.id, "--name", `K ${role}`, "--role", role)),
    });
  await record(admin, wearers, await elsewhere("device"), foreign);
  const restricted = { ids: [items.get("restricted")], classId: affairs, reason: "Complaint 26-7" };
  expect((await send(asker("custodian of the class"), "POST", "/api/v1/evidence/restrict", restricted)).status).toBe(
    200,
  );
  const share = {
    evidenceIds: [items.get("shared")],
    personIds,
    mayDownload: false,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    reason: "Discovery",
  };
  expect((await send(asker("custodian"), "POST", "/api/v1/shares", share)).status).toBe(201);
}

async function record(
  admin: DemoAdmin,
  wearers: Readonly<Record<"own" | "beside" | "sibling", string>>,
  foreignCamera: string,
  foreignReader: string,
): Promise<void> {
  const camera = async (name: string, personId?: string): Promise<string> =>
    (
      await admin.call<{ token: string }>("POST", "/api/v1/devices", {
        name,
        ...(personId === undefined ? {} : { personId }),
      })
    ).token;
  const footage = makeFootage(folder, 2);
  const tokens: [Relation, string][] = [
    ["own", await camera("VX-own", wearers.own)],
    ["beside", await camera("VX-beside", wearers.beside)],
    ["sibling", await camera("VX-sibling", wearers.sibling)],
    ["nowhere", await camera("VX-nowhere")],
    ["restricted", await camera("VX-restricted")],
    ["shared", await camera("VX-shared")],
    ["other-agency", foreignCamera],
  ];
  const reader = (asker("key, custodian").headers["authorization"] ?? "").replace("Bearer ", "");
  for (const [relation, token] of tokens) {
    const id = await recordShortly(server.url, token, footage, titleOf(relation));
    items.set(relation, id);
    await settled(new Sworn({ url: server.url, token: relation === "other-agency" ? foreignReader : reader }), id);
  }
}

const ofItem = table.filter(({ path }) => /^\/api\/v1\/(evidence|recordings)\/:id/.test(path));
const idOf = (relation: Relation): string => items.get(relation) ?? "";
const addressOf = (path: string, id: string): string =>
  path.replace(":id", id).replace(":k", "0").replace(":n", "0").replace(":task", id).replace(":personId", id);
const visibleTo = (who: Asker): readonly Relation[] => sees[who.name] ?? [];
/** What an answer tells: all of it but the moment it was given. */
const told = ({ status, headers, body }: Answer): string => {
  const { date: _, ...rest } = headers;
  return JSON.stringify([
    status,
    Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    body.toString("base64"),
  ]);
};
/** A key may never do all that its role may. */
const mayAsk = ({ role, headers }: Asker, permission: Permission): boolean =>
  "authorization" in headers ? keyPermissions(role, null).includes(permission) : permits([role], permission);

/** Asked by a person alone: what comes of it is theirs. A key is refused whatever the id. */
const byPeople = ["POST /api/v1/evidence/:id/renderings"];
/** On these, those who see nothing are asked about every relation; on the rest about the three that differ most. */
const whole = ["/api/v1/evidence/:id", "/api/v1/evidence/:id/media", "/api/v1/recordings/:id"];
const few: readonly Relation[] = ["own", "shared", "restricted"];
/** There for whoever may see the item; others may have nothing to show (a recording that ended is not live). */
const always = ["", "/custody", "/media", "/poster", "/retention", "/family", "/playlist.m3u8"];

describe("every route that names an item", () => {
  it("is asked as everybody the rule table names, and as everybody it does not", () => {
    expect(askers.map(({ name }) => name).toSorted()).toEqual([...Object.keys(sees), ...blind].toSorted());
    expect([...items.keys()].toSorted()).toEqual([...relations].toSorted());
    expect(ofItem.length).toBeGreaterThan(20);
  });

  it("shows what the table allows, and answers to all else as to what does not exist", async () => {
    const wrong: string[] = [];
    let [shown, hidden] = [0, 0];
    // Route by route, and on each everybody at once: one after the other they would wait for each other's answers.
    const walk = async (row: Row, who: Asker): Promise<void> => {
      const absent = told(await send(who, row.method, addressOf(row.path, randomUUID())));
      const asked = blind.includes(who.name) && !whole.includes(row.path) ? few : relations;
      const answers = await Promise.all(
        asked.map(async (relation) => await send(who, row.method, addressOf(row.path, idOf(relation)))),
      );
      for (const [n, relation] of asked.entries()) {
        const answer = answers[n] as Answer;
        const what = `${who.name}: ${row.method} ${row.path} (${relation}) → ${answer.status} ${answer.code ?? ""}`;
        if (visibleTo(who).includes(relation)) {
          shown += 1;
          const must = always.some((end) => row.path === `/api/v1/evidence/:id${end}`);
          const refused = answer.status === 401 || answer.status === 403;
          const mayRefuse = who.headers["cookie"] === undefined && byPeople.includes(`${row.method} ${row.path}`);
          if ((refused && !mayRefuse) || (must && answer.status !== 200)) wrong.push(what);
        } else {
          hidden += 1;
          if (told(answer) !== absent) wrong.push(`${what}, and what does not exist answers otherwise`);
        }
      }
    };
    for (const row of ofItem) {
      // Cameras send there, each to its own recordings; see the recordings' own tests.
      if (row.access === "recording.send") continue;
      // 403 whatever the id: route-table.test.ts
      const able = askers.filter((who) => mayAsk(who, row.access as Permission));
      await atOnce(able, async (who) => await walk(row, who));
    }
    expect(wrong).toEqual([]);
    expect([shown > 100, hidden > 500]).toEqual([true, true]);
  });

  it("refuses to hand out for keeping what was shared to look at", async () => {
    for (const name of ["prosecutor, shared with", "defence, shared with"]) {
      const answer = await send(asker(name), "GET", `/api/v1/evidence/${idOf("shared")}/media?download=1`);
      expect([answer.status, answer.code], name).toEqual([403, "not-allowed"]);
    }
  });
});

describe("every list", () => {
  const lists = table.filter(({ method, path }) => method === "GET" && !path.includes(":") && !path.includes("*"));

  it("holds for everybody exactly what they may see, and counts no more", async () => {
    for (const who of askers.filter((each) => mayAsk(each, "evidence.list"))) {
      const read = async <T>(path: string): Promise<T> =>
        JSON.parse((await send(who, "GET", path)).body.toString()) as T;
      const listed = await read<{ items: { title: string }[] }>("/api/v1/evidence?limit=200");
      const expected = visibleTo(who).map(titleOf).toSorted();
      expect(listed.items.map(({ title }) => title).toSorted(), who.name).toEqual(expected);
      expect(await read("/api/v1/evidence/totals"), who.name).toMatchObject({ items: expected.length });
      expect(await read("/api/v1/evidence/facets"), who.name).toMatchObject({ counted: expected.length });
      const found = await read<{ items: unknown[] }>("/api/v1/evidence?q=Footage");
      expect(found.items.length, who.name).toBe(expected.length);
    }
  });

  it("says nothing of an item, by id or title, to whom it is not there", async () => {
    const wrong: string[] = [];
    for (const { path, access } of lists)
      await atOnce(
        askers.filter((who) => access === "signed-in" || mayAsk(who, access as Permission)),
        async (who) => {
          const body = (await send(who, "GET", path)).body.toString();
          for (const relation of relations.filter((one) => !visibleTo(who).includes(one))) {
            // A camera's own recordings, asked with its own key, are another test's; this key has none.
            if (body.includes(idOf(relation)) || body.includes(titleOf(relation)))
              wrong.push(`${who.name}: GET ${path} tells of ${relation}`);
          }
        },
      );
    expect(wrong).toEqual([]);
  });
});

describe("an id from anywhere", () => {
  it("that one person was shown opens nothing for another who may not see it", async () => {
    const member = asker("custodian of the class");
    const ids = new Set<string>();
    const paths = [
      ...table.filter(({ method, path }) => method === "GET" && !path.includes(":") && !path.includes("*")),
      ...ofItem.filter(({ method }) => method === "GET"),
    ].filter(({ access }) => permits([member.role], access as Permission));
    for (const { path } of paths)
      for (const relation of path.includes(":") ? (["restricted", "beside"] as const) : (["own"] as const)) {
        const { body } = await send(member, "GET", addressOf(path, idOf(relation)));
        for (const [id] of body.toString().matchAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g)) ids.add(id);
      }
    expect(ids.size).toBeGreaterThan(10);
    expect(ids).toContain(idOf("restricted"));
    const stranger = asker("defence");
    const wrong: string[] = [];
    const readable = table.filter(
      ({ method, path, access }) =>
        method === "GET" && path.includes(":id") && permits([stranger.role], access as Permission),
    );
    expect(readable.length).toBeGreaterThan(10);
    for (const { path } of readable) {
      const absent = told(await send(stranger, "GET", addressOf(path, randomUUID())));
      await atOnce([...ids], async (id) => {
        if (told(await send(stranger, "GET", addressOf(path, id))) !== absent) wrong.push(`${path} with ${id}`);
      });
    }
    expect(wrong).toEqual([]);
  });

  it("of another agency is absent on every route that takes one", async () => {
    const foreign = asker("other agency's custodian");
    const made: string[] = [idOf("other-agency")];
    for (const [path, body] of [
      ["/api/v1/incidents", { number: "26-9", type: "Other", occurredAt: "2026-11-20T21:04:00.000Z" }],
      ["/api/v1/cases", { number: "C-9", title: "Another" }],
    ] as const) {
      const answer = await send(foreign, "POST", path, body);
      if (answer.status === 201) made.push((JSON.parse(answer.body.toString()) as { id: string }).id);
    }
    const custodian = asker("custodian");
    const wrong: string[] = [];
    for (const { method, path, access } of table.filter(({ path: each }) => each.includes(":id"))) {
      if (access === "public" || !permits([custodian.role], access as Permission)) continue;
      const absent = told(await send(custodian, method, addressOf(path, randomUUID())));
      for (const id of made)
        if (told(await send(custodian, method, addressOf(path, id))) !== absent) wrong.push(`${method} ${path}`);
    }
    expect(wrong).toEqual([]);
  });
});

it("the log's own addresses, open to everybody, tell of no item", async () => {
  for (const path of [
    "/api/v1/log/checkpoint",
    "/api/v1/log/policy",
    "/api/v1/log/tile/entries/000",
    "/api/v1/log/tile/0/000",
  ]) {
    const body = (await send(null, "GET", path)).body.toString("latin1");
    for (const relation of relations) {
      expect(body, path).not.toContain(idOf(relation));
      expect(body, path).not.toContain(titleOf(relation));
    }
  }
});
