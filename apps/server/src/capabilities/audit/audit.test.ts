import { randomUUID } from "node:crypto";
import type { AuditLine, AuditNames, AuditPage, EventKind, Role } from "@sworn/contract";
import { Sworn } from "@sworn/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Principal } from "../../ports/http.ts";
import { readScope } from "../access/index.ts";
import { append, type NewEvent } from "../custody/index.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { auditRoutes } from "./index.ts";
import { limitExports } from "./limit-exports.ts";
import { csvCell as cell } from "@sworn/core";

// Two agencies on one server; each asks as a person of its own, and finds what happened in its own log alone.

interface Somebody {
  readonly id: string;
  readonly agencyId: string;
  readonly roles: readonly Role[];
}
let log: TestLog;
let url: string;
let close: () => Promise<unknown>;
const people = new Map<string, Somebody>();
let [agency, otherAgency] = ["", ""];
let auditor: Somebody;
let adair: Somebody;
let moreno: Somebody;

async function person(agencyId: string, name: string, roles: readonly Role[]): Promise<Somebody> {
  const id = randomUUID();
  const owner = await log.db.owner();
  await owner.query("insert into sworn.person (id, agency_id, name, email, roles) values ($1, $2, $3, $4, $5)", [
    id,
    agencyId,
    name,
    `${id}@demo.example`,
    roles,
  ]);
  const somebody = { id, agencyId, roles };
  people.set(id, somebody);
  return somebody;
}
async function item(
  title: string,
  of: { deviceId?: string; classId?: string; agencyId?: string } = {},
): Promise<string> {
  const id = randomUUID();
  const owner = await log.db.owner();
  await owner.query(
    `insert into sworn.evidence (id, agency_id, title, kind, state, size, device_id, restricted_class_id)
     values ($1, $2, $3, 'video', 'stored', 10, $4, $5)`,
    [id, of.agencyId ?? agency, title, of.deviceId ?? null, of.classId ?? null],
  );
  return id;
}
async function happens(
  kind: EventKind,
  subjectId: string,
  actor: Somebody | null,
  rest: Partial<NewEvent> & { agencyId?: string } = {},
): Promise<void> {
  log.time.now += 1000;
  const agencyId = rest.agencyId ?? actor?.agencyId ?? agency;
  const subject = rest.subject ?? ({ kind: "evidence", id: subjectId } as const);
  const { details, reason } = rest;
  await log.db.database.forAgency(agencyId, (tx) =>
    append(tx, log.deps, agencyId, {
      kind,
      subject,
      actorId: actor?.id ?? null,
      ...(details === undefined ? {} : { details }),
      ...(reason === undefined ? {} : { reason }),
    }),
  );
}
const ask = async (who: Somebody, path: string): Promise<Response> =>
  await fetch(`${url}/api/v1/audit${path}`, { headers: { "x-test-person": who.id } });
const search = async (path: string, who = auditor): Promise<AuditPage> => {
  const answer = await ask(who, path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as AuditPage;
};
const saying = ({ kind, actor, subject }: AuditLine): string =>
  `${actor?.name} ${kind} ${subject?.title} (${subject?.titleFrom})`;

beforeAll(async () => {
  log = await createTestLog();
  agency = await log.db.agency("Harbor Police (test)");
  otherAgency = await log.db.agency("Hill Police (test)");
  await (await log.db.owner()).query("update sworn.agency set time_zone = 'America/New_York'");
  auditor = await person(agency, "R. Brandt", ["auditor"]);
  adair = await person(agency, "Ofc. Adair", ["officer"]);
  moreno = await person(agency, "P. Moreno", ["custodian"]);
  const { database } = log.db;
  const server = serveRoutes({
    routes: auditRoutes({ database, custody: log.deps, clock: log.deps.clock }),
    identify: async ({ headers }) => {
      const who = people.get(headers.get("x-test-person") ?? "");
      if (who === undefined) return null;
      const scope = await database.forAgency(who.agencyId, (tx) => readScope(tx, who.id));
      const principal: Principal = { ...who, kind: "person", actorId: who.id, personId: who.id, deviceId: null, scope };
      return { principal, viaCookie: false };
    },
    log: log.deps.log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  url = await server.listen({ port: 0, host: "127.0.0.1" });
  close = () => server.close();
});
afterAll(async () => {
  await close();
  await log.close();
});

describe("the audit", () => {
  it("says who saw, changed and exported an item, by its title as the log had it then", async () => {
    const stop = await item("Renamed behind the log's back");
    await happens("evidence.stored", stop, null, { details: { size: 10, takes: 1, title: "Traffic stop, Elm St" } });
    await happens("evidence.viewed", stop, adair);
    await happens("evidence.stored", stop, null, { details: { size: 10, takes: 1, title: "Traffic stop, Oak St" } });
    await happens("evidence.downloaded", stop, moreno);
    await happens("hold.placed", stop, moreno, { reason: "=1+1", details: { hold: randomUUID() } });
    const found = await search(`?subject=${stop}`);
    expect(found.items.map(saying)).toEqual([
      "P. Moreno hold.placed Traffic stop, Oak St (log)",
      "P. Moreno evidence.downloaded Traffic stop, Oak St (log)",
      "Sworn evidence.stored Traffic stop, Oak St (log)",
      "Ofc. Adair evidence.viewed Traffic stop, Elm St (log)",
      "Sworn evidence.stored Traffic stop, Elm St (log)",
    ]);
    expect((await search(`?subject=${stop}&did=saw`)).items.map(({ did }) => did)).toEqual(["saw"]);
    expect((await search(`?subject=${stop}&did=exported,changed`)).items).toHaveLength(2);
    expect((await search(`?actor=${adair.id}&did=saw`)).items.map(saying)).toEqual([
      "Ofc. Adair evidence.viewed Traffic stop, Elm St (log)",
    ]);
    const old = await item("From before titles were logged");
    await happens("evidence.viewed", old, adair);
    expect((await search(`?subject=${old}`)).items[0]?.subject?.titleFrom).toBe("today");
  });

  it("pages without a gap or a repetition, whatever the filter reads along", async () => {
    const watched = await item("Watched often");
    for (let n = 0; n < 7; n += 1) await happens("evidence.viewed", watched, n % 2 === 0 ? adair : moreno);
    for (const path of [
      `subject=${watched}`,
      `actor=${adair.id},${moreno.id}&did=saw`,
      "kind=evidence.viewed",
      "from=2026-11-01",
    ]) {
      const whole = (await search(`?${path}&limit=200`)).items.map(({ id }) => id);
      const paged: string[] = [];
      for (let next: string | null = ""; next !== null;) {
        const page: AuditPage = await search(`?${path}&limit=3${next === "" ? "" : `&next=${next}`}`);
        paged.push(...page.items.map(({ id }) => id));
        next = page.next;
      }
      // A search is an entry itself: only what the searches of this test added differs.
      expect(paged.filter((id) => whole.includes(id))).toEqual(whole);
      expect(new Set(paged).size).toBe(paged.length);
    }
  });

  it("finds a camera's own entries, those of what it recorded, and what its key did", async () => {
    const owner = await log.db.owner();
    const [deviceId, keyId] = [randomUUID(), randomUUID()];
    await owner.query("insert into sworn.device (id, agency_id, name) values ($1, $2, 'VX-118')", [deviceId, agency]);
    await owner.query(
      "insert into sworn.api_key (id, agency_id, name, role, device_id, token_hash, prefix) values ($1, $2, 'VX-118', 'device', $3, $4, 'x')",
      [keyId, agency, deviceId, Buffer.alloc(32, 7)],
    );
    const recorded = await item("Recorded by VX-118", { deviceId });
    const elsewhere = await item("Sent with its key");
    const key = { id: keyId, agencyId: agency, roles: [] };
    await happens("device.enrolled", deviceId, moreno, { subject: { kind: "device", id: deviceId } });
    await happens("evidence.viewed", recorded, adair);
    await happens("upload.created", elsewhere, key, { details: { upload: randomUUID(), length: 10 } });
    await happens("evidence.viewed", elsewhere, adair);
    expect((await search(`?device=${deviceId}`)).items.map(({ kind }) => kind)).toEqual([
      "upload.created",
      "evidence.viewed",
      "device.enrolled",
    ]);
  });

  it("takes a day as the agency's whole day", async () => {
    const late = await item("Late");
    log.time.now = Date.UTC(2026, 10, 25, 4, 59, 58); // 23:59:58 on the 24th in New York
    await happens("evidence.viewed", late, adair);
    await happens("evidence.viewed", late, moreno);
    const on = async (day: string): Promise<number> =>
      (await search(`?subject=${late}&from=${day}&to=${day}`)).items.length;
    expect([await on("2026-11-24"), await on("2026-11-25")]).toEqual([1, 1]);
  });

  it("does not show what the auditor may not see, nor another agency's", async () => {
    const classId = randomUUID();
    await (
      await log.db.owner()
    ).query("insert into sworn.restricted_class (id, agency_id, name) values ($1, $2, 'IA')", [classId, agency]);
    const secret = await item("Complaint against somebody", { classId });
    await happens("evidence.viewed", secret, moreno);
    expect((await search(`?subject=${secret}`)).items).toEqual([]);
    expect(
      (await search(`?actor=${moreno.id}&limit=200`)).items.filter(({ subject }) => subject?.id === secret),
    ).toEqual([]);
    const names = (await (await ask(auditor, `/names?ids=${secret},${moreno.id}`)).json()) as AuditNames;
    expect(names.items.map(({ name }) => name)).toEqual(["P. Moreno"]);
    const theirs = await item("Theirs", { agencyId: otherAgency });
    const okafor = await person(otherAgency, "Sgt. Okafor", ["auditor"]);
    await happens("evidence.viewed", theirs, okafor, { agencyId: otherAgency });
    expect((await search(`?subject=${theirs}`)).items).toEqual([]);
    log.time.now += 1000;
    expect((await search("", okafor)).items.map(({ kind }) => kind)).toEqual(["audit.searched", "evidence.viewed"]);
    expect((await search(`?actor=${moreno.id}`, okafor)).items).toEqual([]);
  });

  it("logs each search once in a quarter of an hour, pages included, and every export, with the filters", async () => {
    const brandt = await person(agency, "S. Brandt", ["auditor"]);
    const looked = async (): Promise<AuditLine[]> =>
      (await search(`?actor=${brandt.id}&kind=audit.searched,audit.exported`)).items;
    log.time.now = Date.UTC(2026, 10, 26, 12, 0, 1);
    const { next } = await search(`?actor=${moreno.id}&from=2026-11-01&limit=1`, brandt);
    await search(`?actor=${moreno.id}&from=2026-11-01&limit=1&next=${next ?? ""}`, brandt);
    expect((await looked()).map(({ sentence }) => sentence)).toEqual([
      "S. Brandt searched the audit: what one actor did, from 2026-11-01.",
    ]);
    // A cursor of one search does not open another one unseen.
    await search(`?actor=${adair.id}&limit=1&next=${next ?? ""}`, brandt);
    log.time.now += 15 * 60 * 1000;
    await search(`?actor=${moreno.id}&from=2026-11-01`, brandt);
    await (await ask(brandt, `/export?format=csv&did=saw`)).text();
    await (await ask(brandt, `/export?format=csv&did=saw`)).text();
    expect(await looked()).toHaveLength(5);
    expect((await looked())[0]?.sentence).toBe("S. Brandt exported the audit as CSV: saw.");
  });

  it("is exported by few at a time: two of one person, four of an agency; whoever leaves gives the place back", async () => {
    const limit = limitExports();
    const enter = (actorId: string, of = agency, signal = new AbortController().signal): (() => void) =>
      limit({ agencyId: of, actorId }, signal);
    const many = expect.objectContaining({ code: "rate-limited" });
    const [one] = [enter("a"), enter("a")];
    expect(() => enter("a")).toThrow(many);
    enter("b");
    enter("c");
    expect(() => enter("d")).toThrow(many);
    enter("d", otherAgency);
    one();
    one();
    enter("d");
    expect(() => enter("e")).toThrow(many);
    // Gone before the first byte was asked for.
    const gone = new AbortController();
    const next = limitExports();
    for (let n = 0; n < 2; n += 1) next({ agencyId: agency, actorId: "a" }, gone.signal);
    gone.abort();
    next({ agencyId: agency, actorId: "a" }, new AbortController().signal);
    await expect(async () => next({ agencyId: agency, actorId: "a" }, gone.signal)).rejects.toEqual(
      expect.objectContaining({ code: "busy" }),
    );
  });

  it("says so over the wire, and takes the next one when one has ended", async () => {
    const path = "/api/v1/audit/export?format=csv";
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(auditor, path.replace("/api/v1/audit", ""))));
    const codes = answers.map(({ status }) => status);
    expect(codes.every((status) => status === 200 || status === 429)).toBe(true);
    expect(codes).toContain(200);
    for (const answer of answers) await answer.text();
    await vi.waitFor(async () => {
      const again = await ask(auditor, "/export?format=csv");
      await again.text();
      expect(again.status).toBe(200);
    });
  });

  it("exports CSV that no spreadsheet runs, and a PDF that names the checkpoint", async () => {
    const formula = await item('=HYPERLINK("http://demo.example")');
    await happens("hold.placed", formula, moreno, {
      reason: "+cmd|' /C calc'!A0\nnext",
      details: { hold: randomUUID() },
    });
    const csv = await (await ask(auditor, `/export?format=csv&subject=${formula}`)).text();
    expect(csv.split("\r\n")[0]).toContain('"time (UTC)","what","kind","who"');
    expect(csv).toContain('"\'=HYPERLINK(""http://demo.example"")"');
    expect(csv).toContain("\"'+cmd|' /C calc'!A0\nnext\"");
    expect(["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "|x"].map((text) => cell(text).slice(0, 2))).toEqual(
      Array.from({ length: 8 }, () => `"'`),
    );
    expect(cell("a-b")).toBe('"a-b"');
    const answer = await ask(auditor, `/export?format=pdf&subject=${formula}`);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.pdf"$/);
    const pdf = Buffer.from(await answer.arrayBuffer()).toString("latin1");
    expect(pdf).toMatch(/^%PDF-1\.7/);
    expect(pdf).toContain("/StructTreeRoot");
    expect(pdf).toContain("/Marked true");
  });

  it("refuses who may not audit, and what is no filter", async () => {
    const admin = await person(agency, "A. Admin", ["admin"]);
    for (const path of ["", "/export?format=csv", "/names?q=a"]) {
      for (const who of [adair, moreno, admin]) expect((await ask(who, path)).status).toBe(403);
      expect((await fetch(`${url}/api/v1/audit${path}`)).status).toBe(401);
    }
    for (const path of [
      "?actor=me",
      "?from=yesterday",
      "?from=0000-01-01",
      "?to=9999-12-31",
      "?kind=evidence.stolen",
      "?did=everything",
      "?limit=100000",
      "?next=bm90aGluZw",
      "?next=!!",
      `?actor=${Array.from({ length: 21 }, () => adair.id).join(",")}`,
      "/export",
      "/export?format=exe",
      "/names",
      "/names?q=",
      `/names?q=a&ids=${adair.id}`,
    ])
      expect([path, (await ask(auditor, path)).status]).toEqual([path, 400]);
  });

  it("is asked with the SDK", async () => {
    const sworn = new Sworn({
      url,
      fetch: (input, init) => fetch(input, { ...init, headers: { "x-test-person": auditor.id } }),
    });
    const kinds = new Set<string | null>();
    for await (const line of sworn.audit.all({ did: ["saw"] })) kinds.add(line.kind);
    expect([...kinds]).toEqual(["evidence.viewed"]);
    expect((await sworn.audit.names({ q: "adair" })).map(({ name }) => name)).toEqual(["Ofc. Adair"]);
    expect(await (await sworn.audit.export({ actor: [adair.id] }, "csv")).text()).toContain("Ofc. Adair");
  });
});
