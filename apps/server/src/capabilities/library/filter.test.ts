import { type EvidenceFacets, type EvidenceHits, type EvidenceTotals, permits } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { markerRoutes } from "../markers/index.ts";
import { openRetentionRig, type RetentionRig } from "../retention/retention.testing.ts";
import { COUNTED } from "./facets.ts";

let rig: RetentionRig;
let custodian: string;
let officer: string;
let units: { north: string; watch: string };
let category: string;
/** Items by what sets them apart. */
let items: Record<"own" | "north" | "late" | "held" | "broken" | "photo", string>;

const sql = async (text: string, values: unknown[]): Promise<void> =>
  void (await (await rig.log.db.owner()).query(text, values));

beforeAll(async () => {
  rig = await openRetentionRig(markerRoutes);
  const admin = await rig.person(["admin"]);
  custodian = await rig.person(["custodian"]);
  const unit = async (name: string, parentId: string | null): Promise<string> =>
    (await rig.ask<{ id: string }>(admin, "POST", "/api/v1/units", { name, parentId })).body.id;
  const north = await unit("North", null);
  units = { north, watch: await unit("Night watch", north) };
  officer = await rig.person(["officer"], units.watch);
  items = {
    own: await rig.item({ personId: officer, unitId: units.watch }),
    north: await rig.item({ unitId: north }),
    late: await rig.item({ recordedAt: "2026-11-21T04:30:00Z" }), // 20 November, 23:30 in New York
    held: await rig.item({ recordedAt: "2026-10-01T12:00:00Z" }),
    broken: await rig.item({ recordedAt: "2026-10-02T12:00:00Z" }),
    photo: await rig.item({ recordedAt: "2026-10-03T12:00:00Z" }),
  };
  await sql("update sworn.evidence set media_state = 'refused', title = 'Elm_St. 100%' where id = $1", [items.broken]);
  await sql("update sworn.evidence set kind = 'photo', duration_ms = 0 where id = $1", [items.photo]);
  await sql("update sworn.evidence set duration_ms = 600000 where id = $1", [items.own]);
  const hold = { evidenceIds: [items.held], reason: "Inquiry", ownerId: custodian, reviewOn: "2027-06-01" };
  await rig.ask(custodian, "POST", "/api/v1/holds", hold);
  category = (
    await rig.ask<{ id: string }>(admin, "POST", "/api/v1/categories", { name: "Traffic stop", keep: "indefinite" })
  ).body.id;
  await rig.ask(custodian, "POST", "/api/v1/evidence/classify", { ids: [items.north, items.own], add: [category] });
  await sql(
    "insert into sworn.file (id, agency_id, evidence_id, role, media_type, state) select id, agency_id, id, 'track', 'a', 'stored' from sworn.evidence where id = any($1)",
    [[items.own, items.late]],
  );
  for (const [id, west, south, east, north] of [
    [items.own, -73.99, 40.74, -73.98, 40.75],
    [items.late, 179.9, -17, 179.99, -16.9],
  ])
    await sql(
      "insert into sworn.track (evidence_id, agency_id, file_id, source, fixes, west, south, east, north) values ($1, $2, $1, 'nmea', 2, $3, $4, $5, $6)",
      [id, rig.agencyId, west, south, east, north],
    );
}, 60_000);
afterAll(async () => await rig.close());

const names = (ids: readonly string[]): string[] =>
  Object.entries(items)
    .filter(([, id]) => ids.includes(id))
    .map(([name]) => name);
async function find(query: string, who = custodian): Promise<string[]> {
  const { status, body } = await rig.ask<{ items: { id: string }[] }>(who, "GET", `/api/v1/evidence?${query}`);
  expect(status, query).toBe(200);
  return names(body.items.map(({ id }) => id));
}

describe("a filter", () => {
  it.each([
    ["kind=photo", ["photo"]],
    ["kind=photo,video&is=held", ["held"]],
    ["is=not-playable,held", ["held", "broken"]],
    ["is=uncategorised", ["late", "held", "broken", "photo"]],
    ["minSeconds=600", ["own"]],
    ["maxSeconds=599", ["photo"]],
    // A day is the agency's: the late one was recorded on the 20th in New York.
    ["from=2026-11-20&to=2026-11-20", ["own", "north", "late"]],
    ["from=2026-11-21", []],
    ["from=2026-11-21T00:00:00Z", ["late"]],
    ["to=2026-10-01", ["held"]],
    ["q=elm_st.+100%25", ["broken"]],
    ["q=100%25+elm_st", ["broken"]],
    ["q=ElmxSt", []],
    ["bbox=-74,40.7,-73,40.8", ["own"]],
    ["bbox=179,-20,-179,-10", ["late"]], // over the date line
    ["bbox=0,0,1,1", []],
  ])("%s", async (query, expected) => {
    expect(await find(query)).toEqual(expected);
  });
  it("by unit includes the units below; by person, category and several at once", async () => {
    expect(await find(`unit=${units.north}`)).toEqual(["own", "north"]);
    expect(await find(`unit=${units.watch}`)).toEqual(["own"]);
    expect(await find(`unit=${randomUUID()}`)).toEqual([]);
    expect(await find(`person=${officer}`)).toEqual(["own"]);
    expect(await find(`category=${category}`)).toEqual(["own", "north"]);
    expect(await find(`category=${category}&unit=${units.watch}&kind=video`)).toEqual(["own"]);
  });
  it("begins with a day of the agency and goes back from there, page by page", async () => {
    // The late one was recorded on the 20th in New York, in the small hours of the 21st in UTC.
    expect(await find("at=2026-11-20")).toEqual(["own", "north", "late", "held", "broken", "photo"]);
    expect(await find("at=2026-10-02")).toEqual(["held", "broken"]);
    const { body } = await rig.ask<{ items: { id: string }[]; next: string }>(
      custodian,
      "GET",
      "/api/v1/evidence?at=2026-10-02&limit=1",
    );
    expect([names(body.items.map(({ id }) => id)), await find(`at=2026-10-02&next=${body.next}`)]).toEqual([
      ["broken"],
      ["held"],
    ]);
    expect((await rig.ask(custodian, "GET", "/api/v1/evidence?at=soon")).status).toBe(400);
  });
  it("never widens what somebody may see", async () => {
    expect(await find("q=traffic", officer)).toEqual(["own"]);
    expect(await find("q=tr", officer)).toEqual(["own"]); // few letters are enough where little is read
    expect(await find(`unit=${units.north}`, officer)).toEqual(["own"]);
    expect(await find("bbox=-180,-90,180,90", officer)).toEqual(["own"]);
  });
  it.each([
    "kind=movie",
    "is=",
    "from=soon",
    "bbox=1,2,3",
    "bbox=0,50,1,40",
    "bbox=0,0,1,99",
    "unit=north",
    "minSeconds=-1",
    "q=%25",
    "q=zz",
    "q=a%00b",
  ])("refuses %s", async (query) => {
    expect((await rig.ask(custodian, "GET", `/api/v1/evidence?${query}`)).body).toMatchObject({
      status: 400,
      code: "request-malformed",
    });
  });
});

describe("a search over notes", () => {
  const note = async (id: string, text: object, who = custodian): Promise<string> =>
    (await rig.ask<{ id: string }>(who, "POST", `/api/v1/evidence/${id}/markers`, { kind: "note", ...text })).body.id;
  const hits = async (who: string, q: string, ids: readonly string[]): Promise<EvidenceHits["items"]> => {
    const path = `/api/v1/evidence/hits?q=${encodeURIComponent(q)}&ids=${ids.join(",")}`;
    return (await rig.ask<EvidenceHits>(who, "GET", path)).body.items;
  };
  const long = `${"word ".repeat(40)}the Marigold knife lay there ${"and more ".repeat(40)}`;
  let place: string;
  beforeAll(async () => {
    place = await note(items.own, { note: long, place: { take: 0, fromMs: 134_000 } });
    await note(items.late, { label: "Marigold", note: "(knife) 50%_off" });
    const gone = await note(items.held, { note: "Marigold knife" });
    await rig.ask(custodian, "DELETE", `/api/v1/markers/${gone}`);
  });

  it("finds items by every word of one note, for who sees all and for who sees a part", async () => {
    expect(await find("q=marigold")).toEqual(["own", "late"]);
    expect(await find("q=knife+marigold")).toEqual(["own", "late"]);
    expect(await find("q=50%25_off")).toEqual(["late"]);
    expect(await find("q=marigold+traffic")).toEqual([]); // one word in a note, one in the title
    expect(await find("q=marigold", officer)).toEqual(["own"]);
    expect(await find("q=ni", officer)).toEqual(["own"]); // too short for the index, read item by item
    const { body } = await rig.ask<EvidenceFacets>(officer, "GET", "/api/v1/evidence/facets?q=marigold");
    expect(body.counted).toBe(1);
  });

  it("shows the line and the moment, and logs that it was read", async () => {
    const [own, late, ...none] = await hits(custodian, "KNIFE marigold", Object.values(items));
    expect(none).toEqual([]);
    const found = [own, late].find((hit) => hit?.markerId === place);
    expect(found).toMatchObject({ evidenceId: items.own, place: { take: 0, fromMs: 134_000 }, match: "Marigold" });
    expect(found?.before).toMatch(/^… word .*the $/);
    expect(found?.after).toMatch(/^ knife lay there .*…$/);
    await hits(custodian, "marigold", [items.own]);
    const events = (await rig.events(items.own)).filter(({ kind }) => kind === "evidence.notes-read");
    expect(events.map(({ details }) => details["by"])).toEqual(["search"]);
    expect((await rig.events(items.held)).map(({ kind }) => kind)).not.toContain("evidence.notes-read");
  });

  it("finds nothing by notes for who may not read them, see the item, or look at it yet", async () => {
    const auditor = await rig.person(["auditor"]);
    const all = Object.values(items);
    expect(permits(["auditor"], "marker.read")).toBe(false);
    expect(await find("q=marigold", auditor)).toEqual([]);
    expect((await rig.ask(auditor, "GET", `/api/v1/evidence/hits?q=marigold&ids=${items.own}`)).status).toBe(403);
    expect((await hits(officer, "marigold", all)).map(({ evidenceId }) => evidenceId)).toEqual([items.own]);
    const [incident, lock] = [randomUUID(), randomUUID()];
    await sql("insert into sworn.incident (id, agency_id, number, created_by) values ($1, $2, 'I-1', $3)", [
      incident,
      rig.agencyId,
      custodian,
    ]);
    await sql(
      "insert into sworn.incident_evidence (incident_id, evidence_id, agency_id, how, opens, added_by) values ($1, $2, $3, 'hand', true, $4)",
      [incident, items.own, rig.agencyId, custodian],
    );
    await sql(
      "insert into sworn.statement_lock (id, agency_id, incident_id, reason, placed_by) values ($1, $2, $3, 'Force', $4)",
      [lock, rig.agencyId, incident, custodian],
    );
    const locked = "insert into sworn.statement_lock_person (lock_id, agency_id, person_id) values ($1, $2, $3)";
    for (const person of [officer, custodian]) await sql(locked, [lock, rig.agencyId, person]);
    expect([await find("q=marigold", officer), await hits(officer, "marigold", all)]).toEqual([[], []]);
    expect(await find("q=traffic", officer)).toEqual(["own"]); // its title stays in their list
    expect(await find("q=marigold")).toEqual(["late"]);
    await sql("update sworn.statement_lock_person set ended_at = now(), ended_by = person_id where lock_id = $1", [
      lock,
    ]);
  });

  it("refuses what is no search", async () => {
    const many = Array.from({ length: 101 }, () => randomUUID()).join(",");
    for (const query of ["q=marigold", `q=&ids=${items.own}`, "q=a&ids=not-an-id", `q=a&ids=${many}`])
      expect((await rig.ask(custodian, "GET", `/api/v1/evidence/hits?${query}`)).status, query).toBe(400);
  });
});

describe("facets", () => {
  const count = async (query: string, who = custodian): Promise<EvidenceFacets> =>
    (await rig.ask<EvidenceFacets>(who, "GET", `/api/v1/evidence/facets?${query}`)).body;
  const counts = (values: { value: string; count: number }[]): Record<string, number> =>
    Object.fromEntries(values.map(({ value, count: n }) => [value, n]));

  it("count every field, and a filtered one without its own filter", async () => {
    const all = await count("");
    expect(all).toMatchObject({ counted: 6, capped: false });
    expect(counts(all.facets.kind)).toEqual({ video: 5, photo: 1 });
    expect(counts(all.facets.is)).toEqual({ uncategorised: 4, held: 1, "not-playable": 1 });
    expect(all.facets.unit).toEqual(
      expect.arrayContaining([{ value: units.watch, label: "Night watch", count: 1 }]) as unknown,
    );
    expect(all.facets.category).toEqual([{ value: category, label: "Traffic stop", count: 2 }]);
    const photos = await count("kind=photo");
    expect(photos.counted).toBe(1);
    expect(counts(photos.facets.kind)).toEqual({ video: 5, photo: 1 });
    expect(photos.facets.category).toEqual([]);
  });
  it("count only what the asker may see", async () => {
    const { counted, facets } = await count("", officer);
    expect(counted).toBe(1);
    expect(facets.person.map(({ value }) => value)).toEqual([officer]);
    expect(counts(facets.is)).toEqual({});
  });
  it("stop counting and say so", async () => {
    await sql(
      `insert into sworn.evidence (id, agency_id, title, kind, state, size, duration_ms)
       select gen_random_uuid(), $1, 'One of many', 'audio', 'stored', 1, 1000 from generate_series(1, 10001)`,
      [rig.agencyId],
    );
    expect(await count("kind=audio")).toMatchObject({ counted: COUNTED, capped: true });
    const totals = await rig.ask<z.infer<typeof EvidenceTotals>>(
      custodian,
      "GET",
      "/api/v1/evidence/totals?kind=audio",
    );
    expect(totals.body).toMatchObject({ items: 10_000, capped: true });
  });
});
