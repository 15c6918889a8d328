import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { outsideRoles, roles } from "@sworn/contract";
import { Sworn } from "@sworn/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD, DemoAdmin } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { ServerProcess } from "../fault/harness/server-process.ts";
import { type Answer, ask, signIn } from "./harness/ask.ts";
import { makeHome } from "./harness/home.ts";
import {
  type ApiDescription,
  type IdKind,
  idKinds,
  kindOf,
  notIds,
  type Slot,
  slotsOf,
  withId,
} from "./harness/id-kinds.ts";
import { recordShortly, settled } from "./harness/record.ts";

// Every place of the API that takes an id, with real bodies, asked by those to whom what it names is not there: another
// agency's people with every permission, and people of the same agency out of whose reach it lies. The answer must be the
// one for an id of nothing, to the byte. Places come from what the API says of itself, so a new route is walked at once.

vi.setConfig({ testTimeout: 300_000 });

interface Asker {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is theirs of each kind: other places of a request are filled with it. */
  readonly own: Partial<Record<IdKind, string>>;
}
let folder: string;
let server: ServerProcess;
let slots: Slot[];
let withBody: Set<string>;
/** Whose everything is, and who may do all to it. */
let owner: Asker;
let foreign: Asker;
let beside: Asker[];

const day = 86_400_000;
const later = (): string => new Date(Date.now() + day).toISOString();
/** A body that would do: a place for an id is filled in. */
const bodies: Readonly<Record<string, () => object>> = {
  "POST /api/v1/cases": () => ({ number: `C-${randomUUID().slice(0, 8)}`, title: "A case" }),
  "PATCH /api/v1/cases/{id}": () => ({ title: "Renamed" }),
  "POST /api/v1/cases/{id}/contents/add": () => ({}),
  "POST /api/v1/cases/{id}/contents/remove": () => ({}),
  "POST /api/v1/evidence/{id}/captions": () => ({ vtt: "WEBVTT\n\n00:01.000 --> 00:02.000\nText" }),
  "POST /api/v1/cases/{id}/notes": () => ({ words: "A note" }),
  "POST /api/v1/cases/{id}/tasks": () => ({ words: "A task" }),
  "PATCH /api/v1/cases/{id}/tasks/{task}": () => ({ done: true }),
  "POST /api/v1/evidence/{id}/renderings": () => ({ kind: "snapshot", take: 0, fromMs: 0 }),
  "PUT /api/v1/calls/by-number/{number}": () => ({ from: later(), to: later() }),
  "POST /api/v1/calls/accept": () => ({ ids: [randomUUID()] }),
  "POST /api/v1/calls/settle": () => ({ ids: [randomUUID()], reason: "In repair" }),
  "POST /api/v1/calls/unsettle": () => ({ ids: [randomUUID()] }),
  "POST /api/v1/calls/{id}/evidence/accept": () => ({ evidenceIds: [randomUUID()] }),
  "POST /api/v1/calls/{id}/evidence/refuse": () => ({ evidenceIds: [randomUUID()] }),
  "POST /api/v1/calls/{id}/evidence/undecide": () => ({ evidenceIds: [randomUUID()] }),
  "POST /api/v1/calls/{id}/evidence/move": () => ({ evidenceIds: [randomUUID()], to: randomUUID() }),
  "POST /api/v1/calls/{id}/incident": () => ({}),
  "POST /api/v1/delegations": () => ({ toId: randomUUID(), roles: ["custodian"], until: later(), reason: "Holiday" }),
  "POST /api/v1/delegations/{id}/end": () => ({ reason: "Back again" }),
  "PUT /api/v1/acting": () => ({ delegationId: null }),
  "POST /api/v1/jobs/retry": () => ({ jobs: "all" }),
  "PATCH /api/v1/people/{id}": () => ({ badge: randomUUID().slice(0, 8) }),
  "PATCH /api/v1/account/passkeys/{id}": () => ({ name: "Tablet" }),
  "POST /api/v1/account/passkeys/{id}/remove": () => ({ password: DEMO_PASSWORD }),
  "POST /api/v1/people/{id}/factors/reset": () => ({ reason: "Lost the phone" }),
  "POST /api/v1/devices": () => ({ name: `VX-${randomUUID().slice(0, 8)}` }),
  "POST /api/v1/invitations": () => ({ name: "N. New", email: `${randomUUID()}@demo.example`, roles: ["officer"] }),
  "POST /api/v1/incidents": () => ({ number: randomUUID().slice(0, 8) }),
  "PATCH /api/v1/incidents/{id}": () => ({ kind: "Pursuit" }),
  "POST /api/v1/incidents/{id}/evidence": () => ({ ids: [randomUUID()] }),
  "POST /api/v1/incidents/{id}/evidence/remove": () => ({ ids: [randomUUID()] }),
  "POST /api/v1/evidence/incident": () => ({ ids: [randomUUID()], number: "26-77" }),
  "POST /api/v1/incidents/{id}/notes": () => ({ words: "A note" }),
  "POST /api/v1/incidents/{id}/tasks": () => ({ words: "A task" }),
  "PATCH /api/v1/incidents/{id}/tasks/{task}": () => ({ done: true }),
  "POST /api/v1/evidence/{id}/markers": () => ({ kind: "note", note: "A note" }),
  "PATCH /api/v1/markers/{id}": () => ({ label: randomUUID().slice(0, 8) }),
  "POST /api/v1/categories": () => ({ name: randomUUID(), keep: { count: 3, unit: "year" } }),
  "PATCH /api/v1/categories/{id}": () => ({ name: randomUUID() }),
  "POST /api/v1/evidence/classify": () => ({ ids: [randomUUID()] }),
  "POST /api/v1/evidence/restrict": () => ({ ids: [randomUUID()], classId: null, reason: "Complaint" }),
  "POST /api/v1/holds": () => ({
    evidenceIds: [randomUUID()],
    reason: "Litigation",
    ownerId: randomUUID(),
    reviewOn: later().slice(0, 10),
  }),
  "POST /api/v1/holds/release": () => ({ holdIds: [randomUUID()], reason: "Over" }),
  "POST /api/v1/shares": () => ({
    evidenceIds: [randomUUID()],
    personIds: [randomUUID()],
    mayDownload: false,
    expiresAt: later(),
    reason: "Discovery",
  }),
  "POST /api/v1/cases/{id}/shares/revoke": () => ({ reason: "Over" }),
  "POST /api/v1/shares/{id}/revoke": () => ({ reason: "Wrong item" }),
  "PATCH /api/v1/shifts/{id}": () => ({ withdrawn: true }),
  "POST /api/v1/incidents/{id}/locks": () => ({ reason: "Force" }),
  "POST /api/v1/incidents/{id}/locks/{lock}/people/{person}/statement": () => ({
    at: new Date(Date.now() - 60_000).toISOString(),
    takenBy: "Det. Demo",
  }),
  "POST /api/v1/incidents/{id}/locks/{lock}/people/{person}/end": () => ({ reason: "Statement taken" }),
  "POST /api/v1/evidence/{id}/locks": () => ({ reason: "Force" }),
  "POST /api/v1/evidence/{id}/locks/{lock}/people/{person}/statement": () => ({
    at: new Date(Date.now() - 60_000).toISOString(),
    takenBy: "Det. Demo",
  }),
  "POST /api/v1/evidence/{id}/locks/{lock}/people/{person}/end": () => ({ reason: "Statement taken" }),
  "POST /api/v1/evidence/{id}/times": () => ({ offsetMs: 1000, reason: "Clock was slow" }),
  "POST /api/v1/units": () => ({ name: randomUUID() }),
  "PATCH /api/v1/units/{id}": () => ({ name: randomUUID() }),
  "PATCH /api/v1/restricted-classes/{id}": () => ({ name: randomUUID() }),
  "PATCH /api/v1/views/{id}": () => ({ name: randomUUID() }),
  "PUT /api/v1/views/default": () => ({ viewId: null }),
  "POST /api/v1/views/{id}/share": () => ({ shared: "agency" }),
  "PUT /api/v1/recordings/{id}/takes/{k}/track": () => ({ source: "nmea", from: 0, fixes: [] }),
  "POST /api/v1/recordings/{id}/close": () => ({ takes: [{ take: 0, fragments: 1 }] }),
};
/** Not walked, each with its reason. */
const exempt: Readonly<Record<string, string>> = {
  "POST /api/v1/recordings id": "the camera chooses it: that it is taken is said, as of its own (recording-conflict)",
};
/** Found by people of the whole agency: out of nobody's reach inside it. */
const agencyWide: readonly IdKind[] = [
  "person",
  "unit",
  "class",
  "category",
  "device",
  "key",
  "invitation",
  "job",
  "shift",
];
/**
 * Needs nothing that is there: jobs only fail by themselves, other agencies' are tested in health.test.ts; notices come of
 * lock-outs, other people's are tested in sign-in/lock-outs.test.ts; passkeys need a browser
 * (passkeys.test.ts).
 */
const unmade: readonly IdKind[] = ["job", "notice", "passkey"];

const nameOf = ({ method, path, where, name }: Slot): string =>
  where === "path" ? `${method} ${path}` : `${method} ${path} ${name}`;
const routeOf = ({ method, path }: Slot): string => `${method} ${path}`;
const send = (who: Asker, method: string, path: string, body?: object): Promise<Answer> =>
  ask(server.url, { method, path, headers: who.headers, ...(body === undefined ? {} : { body }) });

beforeAll(async () => {
  const { home, ...made } = await makeHome();
  folder = made.folder;
  const env = { SWORN_CHECK_ANSWERS: "1", SWORN_LOG: "warn", NODE_ENV: "production" };
  server = await ServerProcess.launch({ home, env });
  await vi.waitFor(() => expect(server.said).toMatch(/#token=\S+\s/));
  const admin = new DemoAdmin(server.url);
  await admin.setUp(/#token=(\S+)/.exec(server.said)?.[1] ?? "");
  const api = await ask(server.url, { method: "GET", path: "/api/v1/openapi.json" });
  ({ slots, withBody } = slotsOf(JSON.parse(api.body.toString()) as ApiDescription));
  await settle(admin);
}, 240_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}, 40_000);

const inside = roles.filter((role) => role !== "device" && !outsideRoles.includes(role));

async function settle(admin: DemoAdmin): Promise<void> {
  const cli = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await server.beside("admin.ts", args);
    if (code !== 0) throw new Error(`sworn admin ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const north = (await admin.call<{ id: string }>("POST", "/api/v1/units", { name: "North" })).id;
  const south = (await admin.call<{ id: string }>("POST", "/api/v1/units", { name: "South" })).id;
  let from = 10;
  const enter = async (name: string, email: string): Promise<Asker> => {
    const cookie = await signIn(server.url, email, DEMO_PASSWORD, `127.0.0.${(from += 1)}`);
    return { name, headers: { cookie, origin: server.url }, own: {} };
  };
  const person = async (name: string, held: readonly string[], unitId: string | null): Promise<[Asker, string]> => {
    const email = `${randomUUID()}@demo.example`;
    const body = { name: `D. ${name}`, email, roles: held, password: DEMO_PASSWORD };
    const { personId } = await admin.call<{ personId: string }>("POST", "/api/v1/people", body);
    if (unitId !== null) await admin.call("PATCH", `/api/v1/people/${personId}`, { unitId });
    return [await enter(name, email), personId];
  };
  const [[all], [, wearer], [sergeant], [officer], [defence, defenceId], [trainer]] = [
    await person("owner", inside, null),
    await person("wearer", ["officer"], north),
    await person("supervisor of South", ["supervisor"], south),
    await person("officer of South", ["officer"], south),
    await person("defence, shared with nothing", ["defence"], null),
    await person("trainer", ["trainer"], null),
  ];
  const [, colleague] = await person("colleague", ["officer"], null);
  await admin.call("PATCH", `/api/v1/people/${wearer}`, { badge: "WEARER-1" });
  const agency = await cli("create-agency", "--name", "Another agency");
  const email = "elsewhere@demo.example";
  const asRoles = inside.flatMap((role) => ["--role", role]);
  await cli(
    "create-person",
    "--agency",
    agency,
    "--email",
    email,
    "--name",
    "E",
    ...asRoles,
    "--password",
    DEMO_PASSWORD,
  );
  owner = await make(all, { wearer, unit: north, outside: defenceId, colleague });
  foreign = await make(await enter("another agency's, with every permission", email), {});
  beside = [await make(sergeant, { unit: south, little: true }), officer, defence, trainer];
}

/** One of each kind, of this asker's. `little`: of what a supervisor may make. */
async function make(
  who: Asker,
  of: { wearer?: string; unit?: string; outside?: string; colleague?: string; little?: boolean },
): Promise<Asker> {
  const post = async <T = { id: string }>(path: string, body?: object, method = "POST"): Promise<T> => {
    const answer = await send(who, method, `/api/v1/${path}`, body);
    const text = answer.body.toString();
    if (answer.status >= 300) throw new Error(`${who.name}: ${path}: ${answer.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  };
  const own: Partial<Record<IdKind, string>> = {};
  const number = randomUUID().slice(0, 8);
  own.incident = (await post("incidents", { number })).id;
  own.case = (await post("cases", { number, title: "A case" })).id;
  own.view = (await post("views", { name: "Mine", search: { q: "stop" } })).id;
  if (of.little === true) return { ...who, own };
  const call = { from: later(), to: later(), badges: ["WEARER-1"] };
  own.call = (await post(`calls/by-number/${number}`, call, "PUT")).id;
  own.unit = of.unit ?? (await post("units", { name: "Far" })).id;
  own.class = (await post("restricted-classes", { name: "Affairs" })).id;
  own.category = (await post("categories", { name: "Traffic stop", keep: "indefinite" })).id;
  own.invitation = (
    await post<{ invitation: { id: string } }>("invitations", {
      name: "I. Invited",
      email: `${number}@demo.example`,
      roles: ["officer"],
    })
  ).invitation.id;
  own.key = (await post("keys", { name: "K", role: "custodian" })).id;
  const camera = await post<{ token: string; deviceId: string }>("devices", {
    name: `VX-${number}`,
    ...(of.wearer === undefined ? {} : { personId: of.wearer }),
  });
  own.device = camera.deviceId;
  own.item = await recordShortly(server.url, camera.token, makeFootage(folder, 2), `Footage ${who.name}`);
  const reader = await post<{ token: string }>("keys", { name: "R", role: "custodian" });
  await settled(new Sworn({ url: server.url, token: reader.token }), own.item);
  own.marker = (await post(`evidence/${own.item}/markers`, { kind: "note", note: "Hand on the door" })).id;
  own.rendering = (await post(`evidence/${own.item}/renderings`, { kind: "snapshot", take: 0, fromMs: 0 })).id;
  await post(`incidents/${own.incident}/evidence`, { ids: [own.item] });
  own.task = (await post(`incidents/${own.incident}/tasks`, { words: "Ask the shop" })).id;
  own.person =
    of.wearer ??
    (
      await post<{ personId: string }>("people", {
        name: "P",
        email: `p-${number}@demo.example`,
        roles: ["officer"],
        password: DEMO_PASSWORD,
      })
    ).personId;
  own.lock = (await post(`incidents/${own.incident}/locks`, { reason: "Force", personIds: [own.person] })).id;
  const hold = { evidenceIds: [own.item], reason: "Litigation", ownerId: own.person, reviewOn: later().slice(0, 10) };
  await post("holds", hold);
  const kept = await post<{ holds: { id: string }[] }>(`evidence/${own.item}/retention`, undefined, "GET");
  own.hold = kept.holds[0]?.id ?? "";
  if (of.outside !== undefined) {
    const other = await recordShortly(server.url, camera.token, makeFootage(folder, 2), "Shared with nobody who asks");
    await settled(new Sworn({ url: server.url, token: reader.token }), other);
    const outsider = await post<{ personId: string }>("people", {
      name: "O",
      email: `o-${number}@demo.example`,
      roles: ["prosecutor"],
      password: DEMO_PASSWORD,
    });
    const share = { evidenceIds: [other], personIds: [outsider.personId], mayDownload: false, expiresAt: later() };
    own.share = (await post<{ shareId: string }>("shares", { ...share, reason: "Discovery" })).shareId;
    const loan = { toId: of.colleague, roles: ["custodian"], until: later(), reason: "Holiday" };
    own.delegation = (await post("delegations", loan)).id;
    own.shift = await shiftOf(post, `VX-${number}`);
  }
  const sessions = await post<{ items: { id: string }[] }>("account/sessions", undefined, "GET");
  own.session = sessions.items[0]?.id ?? "";
  own.upload = await beginUpload(who);
  return { ...who, own };
}

async function shiftOf(
  post: (path: string, body?: object, method?: string) => Promise<{ id: string }>,
  device: string,
): Promise<string> {
  return (await post("shifts", { device, person: "WEARER-1" })).id;
}

async function beginUpload(who: Asker): Promise<string> {
  const answer = await ask(server.url, {
    method: "POST",
    path: "/api/v1/uploads",
    headers: {
      ...who.headers,
      "tus-resumable": "1.0.0",
      "upload-length": "100",
      "upload-metadata": `filename ${Buffer.from("a.mp4").toString("base64")}`,
    },
  });
  const id = /[0-9a-f-]{36}/.exec(String(answer.headers["location"]))?.[0];
  if (id === undefined) throw new Error(`no upload: ${answer.status} ${answer.body.toString()}`);
  return id;
}

/** What an answer tells, whatever the id was: ids and moments of this very request aside. */
function told({ status, headers, body }: Answer): string {
  const { date: _, etag: __, ...rest } = headers;
  const text = body
    .toString("latin1")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    // The log grows meanwhile.
    .replaceAll(/"checkpoint":\{[^}]*\}/g, "CHECKPOINT")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "MOMENT");
  return JSON.stringify([status, Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)), text]);
}

/** The request with this id at that place, all other places filled with what is the asker's own. */
function fill(who: Asker, slot: Slot, id: string): { path: string; body: object | undefined } {
  const path = slot.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (slot.where === "path" && name === slot.name) return id;
    if (notIds.includes(name)) return "0";
    const kind = kindOf({ ...slot, where: "path", name });
    return (kind === null ? undefined : who.own[kind]) ?? randomUUID();
  });
  const base = withBody.has(routeOf(slot)) ? (bodies[routeOf(slot)]?.() ?? {}) : undefined;
  if (slot.where === "query") {
    const text = slot.path.endsWith("evidence/hits") ? "&q=stop" : slot.path.endsWith("export") ? "&format=csv" : "";
    return { path: `${path}?${slot.name.replace("[]", "")}=${id}${text}`, body: undefined };
  }
  return { path, body: slot.where === "body" ? withId(base ?? {}, slot.name, id) : base };
}

const walked = (): Slot[] =>
  slots.filter((slot) => !(slot.where === "path" && notIds.includes(slot.name)) && exempt[nameOf(slot)] === undefined);

describe("the walk", () => {
  it("knows what every id of every route stands for, and a body for every route that names one", () => {
    const unknown = walked()
      .filter((slot) => kindOf(slot) === null)
      .map(
        (slot) =>
          `${nameOf(slot)}: nobody knows what the id "${slot.name}" stands for. Add it to ofPath or ofName in harness/id-kinds.ts; ` +
          "a kind that is new goes into idKinds and is made for each agency in make() of this file.",
      );
    expect(unknown).toEqual([]);
    const missing = [...new Set(walked().map(routeOf))]
      .filter((route) => withBody.has(route) && bodies[route] === undefined)
      .map((route) => `${route} takes a body. Add one that would do to bodies in this file.`);
    expect(missing).toEqual([]);
    const gone = Object.keys(bodies).filter((route) => !withBody.has(route));
    expect(gone, "bodies of routes that are not there").toEqual([]);
    expect(Object.keys(exempt).filter((name) => !slots.some((slot) => nameOf(slot) === name))).toEqual([]);
    for (const kind of idKinds)
      if (!unmade.includes(kind))
        expect(owner.own[kind], `make() makes no ${kind} for its owner`).toMatch(/^[\w-]{20,40}$/);
    expect(walked().length).toBeGreaterThan(100);
  });

  it("another agency's people, with every permission, are answered as of nothing", async () => {
    const wrong: string[] = [];
    const reached: string[] = [];
    for (const slot of walked()) {
      const id = owner.own[kindOf(slot) ?? "job"] ?? randomUUID();
      const [real, absent] = [fill(foreign, slot, id), fill(foreign, slot, randomUUID())];
      let nothing = await send(foreign, slot.method, absent.path, absent.body);
      let answer = await send(foreign, slot.method, real.path, real.body);
      // One's own reading is an entry that waits for its place in the log: a list of entries may grow between the two.
      for (let more = 0; more < 5 && slot.method === "GET" && told(answer) !== told(nothing); more += 1) {
        nothing = await send(foreign, slot.method, absent.path);
        answer = await send(foreign, slot.method, real.path);
      }
      const what = `${nameOf(slot)} → ${answer.status} ${answer.code ?? ""}`;
      if (told(answer) !== told(nothing)) wrong.push(`${what}, and nothing → ${nothing.status} ${nothing.code ?? ""}`);
      if (slot.where === "path" && ![404, 403, 412, 415].includes(answer.status)) wrong.push(`${what}, not 404`);
      if (answer.status === 404 || answer.status < 300) reached.push(what);
    }
    expect(wrong).toEqual([]);
    expect(reached.length).toBeGreaterThan(90);
  });

  it("people of the agency are answered as of nothing where it lies out of their reach", async () => {
    const wrong: string[] = [];
    let hidden = 0;
    for (const who of beside)
      for (const slot of walked()) {
        const kind = kindOf(slot);
        if (kind === null || agencyWide.includes(kind) || unmade.includes(kind)) continue;
        const [real, absent] = [fill(who, slot, owner.own[kind] ?? ""), fill(who, slot, randomUUID())];
        const nothing = await send(who, slot.method, absent.path, absent.body);
        const answer = await send(who, slot.method, real.path, real.body);
        if (answer.status !== 403) hidden += 1;
        if (told(answer) !== told(nothing))
          wrong.push(
            `${who.name}: ${nameOf(slot)} → ${answer.status} ${answer.code ?? ""}, and nothing → ${nothing.status} ${nothing.code ?? ""}`,
          );
      }
    expect(wrong).toEqual([]);
    expect(hidden).toBeGreaterThan(100);
  });

  it("whose it is finds it with the same requests: the walk asked for what is there", async () => {
    const wrong: string[] = [];
    const ending = /DELETE|revoke|\/close|\/end|cancel|shifts|remove|times|people/;
    // Captions are there once they were added.
    const first = /^POST .*captions$/;
    const last = (slot: Slot): number =>
      first.test(routeOf(slot)) ? -1 : /sessions/.test(slot.path) ? 2 : ending.test(routeOf(slot)) ? 1 : 0;
    const inPaths = walked().filter(({ where }) => where === "path");
    const once = new Map(inPaths.map((slot) => [routeOf(slot), slot]));
    const inOrder = [...once.values()].toSorted((a, b) => last(a) - last(b));
    for (const slot of inOrder) {
      const kind = kindOf(slot);
      // Moving takes two calls, and the lock that was made is an incident's. Cameras send there with keys of their own; ended recordings and cases without tasks have nothing to show.
      if (
        kind === null ||
        unmade.includes(kind) ||
        /recordings|storyboard|strips|uploads|evidence\/move|evidence\/\{id\}\/locks\/|cases\/\{id\}\/tasks\//.test(
          slot.path,
        )
      )
        continue;
      const { path, body } = fill(owner, slot, owner.own[kind] ?? "");
      const { status, code } = await send(owner, slot.method, path, body);
      if ([400, 401, 403, 404, 415].includes(status)) wrong.push(`${nameOf(slot)} → ${status} ${code ?? ""}`);
    }
    expect(wrong).toEqual([]);
  });
});
