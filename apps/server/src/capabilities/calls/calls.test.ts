import type { CallList, CallPage, CallPut, CallsChanged, Evidence, ImportAnswer } from "@sworn/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { incidentRoutes } from "../incidents/index.ts";
import { type MattersRig, openMattersRig } from "../incidents/incidents.testing.ts";
import { callRoutes } from "./index.ts";

let rig: MattersRig;
let [central, north, custodian, okafor, northern, adair, brandt, elsewhere] = ["", "", "", "", "", "", "", ""];
beforeAll(async () => {
  rig = await openMattersRig((deps) => [...callRoutes(deps), ...incidentRoutes(deps)]);
  [central, north] = [await rig.unit("Central"), await rig.unit("North")];
  custodian = await rig.person(["custodian"]);
  okafor = await rig.person(["supervisor"], central);
  northern = await rig.person(["supervisor"], north);
  adair = await rig.person(["officer"], central);
  brandt = await rig.person(["officer"], north);
  elsewhere = await rig.person(["custodian"], null, rig.otherAgencyId);
  await rig.sql("update sworn.person set badge = 'B-117' where id = $1", [adair]);
  await rig.sql("update sworn.person set badge = '4471' where id = $1", [brandt]);
}, 60_000);
afterAll(async () => await rig.close());

const base = { from: "2026-11-20T21:00:00Z", to: "2026-11-20T21:20:00Z", kind: "Traffic stop", place: "Elm St" };
const put = (number: string, body: object, who = custodian): ReturnType<typeof rig.ask<CallPut>> =>
  rig.ask<CallPut>(who, "PUT", `/api/v1/calls/by-number/${encodeURIComponent(number)}`, body);
const page = async (who: string, id: string): Promise<CallPage> =>
  (await rig.ask<CallPage>(who, "GET", `/api/v1/calls/${id}`)).body;
const csv = (text: string | Buffer): string => Buffer.from(text).toString("base64");
const bring = (content: string, more: object = {}): ReturnType<typeof rig.ask<ImportAnswer>> =>
  rig.ask<ImportAnswer>(custodian, "POST", "/api/v1/calls/import", { name: "cad.csv", content, ...more });

it("a call comes under dispatch's number, changes nothing when it comes again, and keeps every state it had", async () => {
  const first = await put("26-1001", { ...base, badges: ["b-117", "B-117", "9"] });
  expect(first.body).toMatchObject({ number: "26-1001", outcome: "added" });
  const { id } = first.body;
  expect((await put("26-1001", { ...base, badges: ["9", "B-117"] })).body.outcome).toBe("unchanged");
  const moved = { ...base, to: "2026-11-20T21:40:00Z", badges: ["B-117", "9"] };
  expect((await put("26-1001", moved)).body.outcome).toBe("changed");
  const { call, versions } = await page(custodian, id);
  expect(versions.map((each) => [each.version, each.to])).toEqual([
    [2, "2026-11-20T21:40:00.000Z"],
    [1, "2026-11-20T21:20:00.000Z"],
  ]);
  expect(call.responders.map(({ badge, person, state }) => [badge, person?.id, state])).toEqual([
    ["9", undefined, "missing"],
    ["b-117", adair, "missing"],
  ]);
  const [received, changed] = (await rig.events(id)) as unknown as {
    hashes: Record<string, string>;
    details: object;
  }[];
  expect(changed).toMatchObject({ kind: "call.changed", details: { changed: "to", version: 2 } });
  expect(changed?.hashes["before"]).toBe(received?.hashes["facts"]);
  const together = await Promise.all([1, 2, 3].map(() => put("26-1003", base)));
  expect(together.map(({ body }) => body.outcome).toSorted()).toEqual(["added", "unchanged", "unchanged"]);
  expect((await put("26-1002", { ...base, to: "2026-11-20T20:00:00Z" })).body).toMatchObject({
    code: "request-malformed",
  });
  expect((await put("26-1002", { ...base, lat: 1 })).status).toBe(400);
  expect((await put("26-1002", base, okafor)).status).toBe(403);
});

it("is there for who answered, their unit's supervisors and who reads the agency; else as if it were not", async () => {
  const { id } = (await put("26-2001", { ...base, badges: ["B-117"] })).body;
  const status = async (who: string): Promise<number> => (await rig.ask(who, "GET", `/api/v1/calls/${id}`)).status;
  expect(await Promise.all([custodian, okafor, adair].map(status))).toEqual([200, 200, 200]);
  expect(await Promise.all([northern, brandt, elsewhere].map(status))).toEqual([404, 404, 404]);
  for (const who of [northern, brandt, elsewhere]) {
    const list = (await rig.ask<CallList>(who, "GET", "/api/v1/calls?limit=100")).body.items.map((each) => each.number);
    expect(list).not.toContain("26-2001");
  }
  // A badge that changes hands takes no old calls along.
  await rig.sql("update sworn.person set badge = null where id = $1", [adair]);
  await rig.sql("update sworn.person set badge = 'B-117' where id = $1", [brandt]);
  expect(await Promise.all([adair, brandt].map(status))).toEqual([200, 404]);
  await rig.sql("update sworn.person set badge = '4471' where id = $1", [brandt]);
  await rig.sql("update sworn.person set badge = 'B-117' where id = $1", [adair]);
});

it("finds footage as it comes, says what is missing, and changes nothing until somebody accepts", async () => {
  const at = { from: "2026-10-02T10:00:00Z", to: "2026-10-02T10:20:00Z" };
  const { id } = (await put("26-3001", { ...base, ...at, badges: ["B-117", "4471"] })).body;
  expect((await page(custodian, id)).call.state).toBe("missing");
  const late = await rig.item({ personId: adair, unitId: central, recordedAt: "2026-10-02T10:05:00Z" });
  const { call } = await page(custodian, id);
  expect(call.items).toMatchObject([{ id: late, state: "right", reasons: ["badge", "time"], badges: ["B-117"] }]);
  expect(call.responders.map(({ state }) => state)).toEqual(["missing", "right"]);
  // The central supervisor would not see the north's footage: that it is missing is not theirs to say.
  expect((await page(okafor, id)).call.responders.map(({ state }) => state)).toEqual(["unseen", "right"]);
  const find = async (state: string, who = custodian): Promise<string[]> =>
    (await rig.ask<CallList>(who, "GET", `/api/v1/calls?state=${state}&from=2026-10-02&to=2026-10-02`)).body.items.map(
      (each) => each.number,
    );
  expect(await find("missing")).toEqual(["26-3001"]);
  expect(await find("missing", okafor)).toEqual([]);
  expect(await rig.sql("select * from sworn.call_evidence where call_id = $1", [id])).toEqual([]);

  const dry = await rig.ask<CallsChanged>(okafor, "POST", "/api/v1/calls/accept", { ids: [id], dryRun: true });
  expect(dry.body.changed).toMatchObject([{ evidenceIds: [late] }]);
  await rig.ask(okafor, "POST", "/api/v1/calls/accept", { ids: [id] });
  expect((await page(custodian, id)).call.items).toMatchObject([{ id: late, state: "accepted" }]);
  expect((await rig.events(late)).map(({ kind }) => kind)).toEqual(["call.evidence-accepted"]);
  await rig.ask(custodian, "POST", "/api/v1/calls/settle", { ids: [id], reason: "Camera in repair" });
  expect((await page(custodian, id)).call).toMatchObject({ state: "accepted", responders: [{ state: "settled" }, {}] });
  // A call that moves is matched again; what was accepted stays.
  await put("26-3001", {
    ...base,
    from: "2026-10-03T10:00:00Z",
    to: "2026-10-03T10:20:00Z",
    badges: ["B-117", "4471"],
  });
  expect((await page(custodian, id)).call.items).toMatchObject([
    { id: late, state: "accepted", reasons: ["badge", "by-hand"] },
  ]);

  // By its number in the library, where its incident is found, too.
  expect(await rig.lists(custodian, "incident=26-3001")).toEqual([late]);
  expect(await rig.lists(okafor, "incident=26-3001")).toEqual([late]);
  const made = await rig.ask(okafor, "POST", `/api/v1/calls/${id}/incident`, {});
  expect(made.body).toMatchObject({ incident: { number: "26-3001" }, made: true, added: 1 });
  expect((await page(custodian, id)).call.incident?.number).toBe("26-3001");
  const second = await rig.item({ personId: brandt, unitId: north, recordedAt: "2026-10-03T10:05:00Z" });
  await rig.ask(custodian, "POST", `/api/v1/calls/${id}/evidence/accept`, { evidenceIds: [second] });
  expect(new Set(await rig.lists(custodian, "incident=26-3001"))).toEqual(new Set([late, second]));
  const of = await rig.ask(custodian, "GET", `/api/v1/evidence/${second}/calls`);
  expect(of.body).toMatchObject({ items: [{ number: "26-3001", state: "accepted" }] });
});

it("what lies in two calls is for somebody to choose, and what is refused is not offered again", async () => {
  const day = (hm: string): string => `2026-10-05T${hm}:00Z`;
  const a = (await put("26-4001", { ...base, from: day("10:00"), to: day("10:08"), badges: ["B-117"] })).body.id;
  const b = (await put("26-4002", { ...base, from: day("10:06"), to: day("10:30"), badges: ["B-117"] })).body.id;
  const item = await rig.item({ personId: adair, unitId: central, recordedAt: day("10:05") });
  const { call } = await page(custodian, a);
  expect(call).toMatchObject({ state: "ambiguous", items: [{ otherCalls: [{ number: "26-4002" }] }] });
  const none = await rig.ask<CallsChanged>(custodian, "POST", "/api/v1/calls/accept", { ids: [a, b] });
  expect(none.body).toMatchObject({ changed: [], unchanged: [a, b].toSorted() });
  const hidden = await rig.ask<CallsChanged>(northern, "POST", `/api/v1/calls/${a}/evidence/accept`, {
    evidenceIds: [item],
  });
  expect(hidden.status).toBe(404);
  await rig.ask(okafor, "POST", `/api/v1/calls/${a}/evidence/move`, { to: b, evidenceIds: [item] });
  expect((await page(custodian, a)).call).toMatchObject({ state: "missing", items: [{ state: "refused" }] });
  expect((await page(custodian, b)).call).toMatchObject({ state: "accepted", items: [{ state: "accepted" }] });
  await rig.ask(okafor, "POST", `/api/v1/calls/${a}/evidence/undecide`, { evidenceIds: [item] });
  expect((await page(custodian, a)).call.state).toBe("ambiguous");
  // A restricted item is not there for who is no member, in a call either.
  const classId = crypto.randomUUID();
  await rig.sql("insert into sworn.restricted_class (id, agency_id, name) values ($1, $2, 'IA')", [
    classId,
    rig.agencyId,
  ]);
  await rig.sql("update sworn.evidence set restricted_class_id = $1 where id = $2", [classId, item]);
  expect((await page(custodian, b)).call).toMatchObject({ state: "missing", items: [] });
});

it("an item's history names no call that its reader may not know of", async () => {
  const { id } = (await put("26-4101", { ...base, badges: ["B-117"] })).body;
  const item = await rig.item({ personId: brandt, unitId: north });
  await rig.ask(custodian, "POST", `/api/v1/calls/${id}/evidence/accept`, { evidenceIds: [item] });
  const history = async (who: string): Promise<string> =>
    JSON.stringify((await rig.ask(who, "GET", `/api/v1/evidence/${item}/custody`)).body);
  expect(await history(custodian)).toContain("26-4101");
  for (const who of [brandt, northern]) {
    const told = await history(who);
    expect(told).toContain("said that the item shows the call");
    expect(told).not.toContain("26-4101");
    expect(told).not.toContain(id);
  }
});

it("a table: bad rows are named and stop no other, the same one again leaves no trace", async () => {
  const table = [
    "CAD Number,Dispatched,Cleared,Officers,Nature,Address",
    '26-5001,11/20/2026 9:04 PM,11/20/2026 9:30 PM,"B-117; 4471",Traffic stop,"Elm St, corner"',
    "26-5002,2026-11-01 01:30,2026-11-01 01:50,B-117,Alarm,Oak St",
    "26-5003,2026-03-08 02:30,2026-03-08 03:50,B-117,Alarm,Oak St",
    "26-5004,2026-11-20 21:00,2026-11-20 20:00,B-117,Alarm,Oak St",
    "26-5005,2026-11-20 21:00 EST,2026-11-20 22:00,B-117,Alarm,Oak St",
    "26-5001,2026-11-20 21:00,2026-11-20 22:00,B-117,Alarm,Oak St",
    `26-5006,2026-11-20 21:00,2026-11-20 22:00,B-117,${"x".repeat(500)},Oak St`,
    "26-5007,2026-11-01 01:30-05:00,2026-11-01 01:50-05:00,B-117,=cmd|' /C calc'!A0,Oak St",
    ",2026-11-20 21:00,2026-11-20 22:00,B-117,Alarm,Oak St",
    "26-5008,nonsense,2026-11-20 22:00,B-117,Alarm,Oak St",
    "26-5009,2026-11-20 21:00",
  ].join("\r\n");
  await rig.sql("update sworn.agency set time_zone = 'America/New_York' where id = $1", [rig.agencyId]);
  const dry = (await bring(csv(table), { dryRun: true })).body;
  expect(dry.mapping).toMatchObject({ number: "CAD Number", from: "Dispatched", badges: "Officers", lat: "" });
  expect(dry.errors.map(({ line, field, fault }) => [line, field, fault])).toEqual([
    [3, "from", "time-ambiguous"],
    [4, "from", "time-absent"],
    [5, "to", "reversed"],
    [6, "from", "zone-unknown"],
    [7, "number", "twice"],
    [8, "kind", "too-long"],
    [10, "number", "missing"],
    [11, "from", "time-unreadable"],
    [12, null, "columns"],
  ]);
  expect(dry).toMatchObject({ at: null, counts: { added: 2, changed: 0, refused: 9 } });
  expect(dry.preview[0]?.says).toContainEqual({ field: "from", value: "2026-11-21T02:04:00.000Z" });
  expect((await rig.ask<CallList>(custodian, "GET", "/api/v1/calls?q=26-500")).body.items).toEqual([]);
  expect((await bring(csv(table))).body).toMatchObject({ counts: { added: 2 }, at: expect.any(String) as string });
  const before = await rig.sql("select count(*)::int as n from custody.entry");
  expect((await bring(csv(table))).body).toMatchObject({ counts: { added: 0, unchanged: 2 }, at: null });
  expect(await rig.sql("select count(*)::int as n from custody.entry")).toEqual(before);
  // Remembered: other columns are read as last time where they are there.
  const renamed = (await bring(csv(table.replace("CAD Number", "Ref")), { dryRun: true })).body;
  expect(renamed.unmapped).toEqual(["number"]);
  const told = { ...renamed.mapping, number: "Ref" };
  expect(
    (await bring(csv(table.replace("CAD Number", "Ref")), { mapping: told, dryRun: true })).body.counts.unchanged,
  ).toBe(2);
});

it("a table may name more badges than a statement holds values", async () => {
  const badge = (n: number): string => n.toString(36).padStart(4, "0");
  const rows = Array.from({ length: 660 }, (_, row) => {
    const badges = Array.from({ length: 100 }, (__, n) => badge(row * 100 + n)).join(" ");
    return `26-7${row},2026-11-20 21:00Z,2026-11-20 22:00Z,${badges}`;
  });
  const content = csv(["number,from,to,badges", ...rows].join("\n"));
  expect((await bring(content, { dryRun: true })).body).toMatchObject({ counts: { added: 660, refused: 0 } });
});

it("reads what spreadsheets write, says what it guessed, and refuses what is no table", async () => {
  const text = "number;from;to;place\n26-6001;20.11.2026 21:04;20.11.2026 21:30;Peña St\n";
  const wide = Buffer.from(`\u{feff}${text}`, "utf16le");
  const read = async (content: Buffer, more: object = {}): Promise<[string, boolean, string | undefined]> => {
    const { body } = await bring(csv(content), { dryRun: true, ...more });
    return [body.encoding, body.encodingSure, body.preview[0]?.says.find(({ field }) => field === "place")?.value];
  };
  expect(await read(Buffer.from(`\u{feff}${text}`))).toEqual(["utf-8", true, "Peña St"]);
  expect(await read(wide)).toEqual(["utf-16le", true, "Peña St"]);
  expect(await read(wide.subarray(2))).toEqual(["utf-16le", false, "Peña St"]);
  expect(await read(Buffer.from(wide).swap16())).toEqual(["utf-16be", true, "Peña St"]);
  expect(await read(Buffer.from(text, "latin1"))).toEqual(["windows-1252", false, "Peña St"]);
  const code = async (content: Buffer, more: object = {}): Promise<unknown> =>
    (await bring(csv(content), { dryRun: true, ...more })).body["code" as keyof ImportAnswer];
  expect(await code(Buffer.from(text, "latin1"), { encoding: "utf-8" })).toBe("table-unreadable");
  expect(await code(Buffer.from(`\u{feff}${text}`), { encoding: "utf-16le" })).toBe("table-unreadable");
  expect(await code(Buffer.from('number,from\n"26,2026-11-20\n'))).toBe("table-unreadable");
  expect(await code(Buffer.from(`number\n"${"x".repeat(60_000)}"\n`))).toBe("table-unreadable");
  expect(await code(Buffer.from(`number\n${"1\n".repeat(5001)}`))).toBe("table-unreadable");
  expect(await code(Buffer.from([1, 0, 2, 3, 0]))).toBe("table-unreadable");
  expect(await code(Buffer.from(text), { zone: "Mars/Olympus" })).toBe("request-malformed");
  expect(await code(Buffer.from(text), { mapping: { number: "no such column" } })).toBe("request-malformed");
  const { body } = await rig.ask<Evidence>(custodian, "POST", "/api/v1/calls/import", { content: "not base64!" });
  expect(body).toMatchObject({ code: "request-malformed" });
});
