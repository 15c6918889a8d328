import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EvidenceFilter, type Role } from "@sworn/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../apps/server/src/adapters/postgres/testing.ts";
import { readScope } from "../../apps/server/src/capabilities/access/index.ts";
import { countFacets } from "../../apps/server/src/capabilities/library/facets.ts";
import { soughtOf } from "../../apps/server/src/capabilities/library/filter.ts";
import { countEvidence, findEvidence } from "../../apps/server/src/capabilities/library/find.ts";
import { mapEvidence } from "../../apps/server/src/capabilities/library/map.ts";
import { newestEvidence } from "../../apps/server/src/capabilities/library/newest.ts";
import type { Tx } from "../../apps/server/src/ports/database.ts";
import type { Principal } from "../../apps/server/src/ports/http.ts";
import { type Filled, fillLibrary } from "../../bench/fill-library.ts";
import { createRandom } from "../fault/harness/random.ts";
import { nodesOf, type PlanNode, planLine } from "./plan-line.ts";

// The library of an agency of 200 people with a million items. Nothing here measures time: how a page is found is
// compared with plans that somebody has read (library-plans.txt), what is found with the slow way of finding it.

const ROWS = 1_000_000;
const reviewed = join(import.meta.dirname, "library-plans.txt");
vi.setConfig({ testTimeout: 300_000 });

let db: TestDatabase;
let agencyId: string;
let filled: Filled;
const askers = new Map<string, Principal>();
/** Every filter by name, with the same in plain SQL. */
let filters: ReadonlyMap<string, { readonly filter: EvidenceFilter; readonly plain: string }>;

beforeAll(async () => {
  db = await createTestDatabase();
  agencyId = await db.agency("Harbor Police (test)");
  const owner = await db.owner();
  await owner.query("set maintenance_work_mem = '512MB'");
  filled = await fillLibrary(owner, ROWS, () => undefined);
  for (const [role, person, unit] of [
    ["custodian", 0, null],
    ["supervisor", 1, filled.boroughs[0]],
    ["officer", 2, filled.units[5]],
    ["prosecutor", 3, null],
  ] as const)
    await makeAsker(role, filled.people[person] ?? "", unit ?? null);
  filters = describeFilters(filled);
}, 400_000);
afterAll(async () => await db?.close());

async function makeAsker(role: Role, id: string, unit: string | null): Promise<void> {
  const owner = await db.owner();
  await owner.query("update sworn.person set roles = array[$2], unit_id = $3 where id = $1", [id, role, unit]);
  if (role === "prosecutor") await share(id);
  const scope = await db.database.forAgency(agencyId, async (tx) => await readScope(tx, id));
  const nobody = { kind: "person", actorId: id, personId: id, agencyId, deviceId: null } as const;
  askers.set(role, { ...nobody, roles: [role], scope });
}

/** Every 20,000th item. */
async function share(personId: string): Promise<void> {
  const owner = await db.owner();
  await owner.query("set session_replication_role = replica");
  const { rows } = await owner.query<{ id: string }>(
    `insert into sworn.share (id, agency_id, may_download, expires_at, reason, made_by, made_at)
     values (gen_random_uuid(), $1, false, now() + interval '1 day', 'Discovery', $2, now()) returning id`,
    [agencyId, personId],
  );
  const id = rows[0]?.id;
  await owner.query("insert into sworn.share_person (share_id, person_id, agency_id) values ($1, $2, $3)", [
    id,
    personId,
    agencyId,
  ]);
  await owner.query(
    `insert into sworn.share_item (share_id, evidence_id, agency_id)
     select $1, id, $2 from (select id, row_number() over (order by happened_at) as n from sworn.evidence) e where n % 20000 = 0`,
    [id, agencyId],
  );
  await owner.query("reset session_replication_role");
  await owner.query("analyze sworn.share, sworn.share_item, sworn.share_person");
}

function describeFilters({ boroughs, units, people, devices, categories }: Filled): typeof filters {
  const of = (query: string, plain: string): [EvidenceFilter, string] => [
    EvidenceFilter.parse(Object.fromEntries(new URLSearchParams(query))),
    plain,
  ];
  const below = (unit: string | undefined): string =>
    `unit_id in (select id from sworn.unit where id = '${unit}' or parent_id = '${unit}')`;
  const category = (id: string | undefined): string =>
    `id in (select evidence_id from sworn.evidence_category where category_id = '${id}')`;
  const text = (word: string): string => `title || ' ' || source_name ilike '%${word}%'`;
  const all: Record<string, [EvidenceFilter, string]> = {
    nothing: of("", "true"),
    day: of("from=2026-10-01&to=2026-10-01", "happened_at >= '2026-10-01' and happened_at < '2026-10-02'"),
    year: of("from=2026-01-01", "happened_at >= '2026-01-01'"),
    person: of(`person=${people[60]}`, `person_id = '${people[60]}'`),
    borough: of(`unit=${boroughs[0]}`, below(boroughs[0])),
    watch: of(`unit=${units[9]}`, below(units[9])),
    camera: of(`device=${devices[60]}`, `device_id = '${devices[60]}'`),
    category: of(`category=${categories[0]}`, category(categories[0])),
    "rare category": of(`category=${categories[9]}`, category(categories[9])),
    photo: of("kind=photo", "kind = 'photo'"),
    document: of("kind=document", "kind = 'document'"),
    uncategorised: of("is=uncategorised", "categories = 0"),
    held: of("is=held", "holds > 0"),
    "not playable": of("is=not-playable", "media_state in ('refused', 'failed')"),
    restricted: of("is=restricted", "restricted_class_id is not null"),
    long: of("minSeconds=699", "duration_ms >= 699000"),
    place: of(
      "bbox=0,51.2,0.005,51.205",
      "id in (select evidence_id from sworn.track where west <= 0.005 and east >= 0 and south <= 51.205 and north >= 51.2)",
    ),
    "common text": of("q=domestic", text("domestic")),
    "rare text": of("q=elm+77712", `${text("elm")} and ${text("77712")}`),
    "text of nothing": of("q=nothing+such", "false"),
  };
  return new Map(Object.entries(all).map(([name, [filter, plain]]) => [name, { filter, plain }]));
}

const asked = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => await db.database.forAgency(agencyId, work);

async function planOf(principal: Principal, filter: EvidenceFilter, limit: number): Promise<PlanNode> {
  return await asked(async (tx) => {
    const query = newestEvidence(tx, principal, await soughtOf(tx, principal, filter), { limit });
    const { rows } = await sql<{ "QUERY PLAN": [{ Plan: PlanNode }] }>`explain (format json) ${query}`.execute(tx);
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    if (plan === undefined) throw new Error("no plan");
    return plan;
  });
}

/** Pairs of filters that can be asked together. */
function pairs(): [string, EvidenceFilter, string][] {
  const all = [...filters].filter(([name]) => name !== "nothing");
  return all.flatMap(([one, a], at) =>
    all.slice(at + 1).flatMap(([other, b]): [string, EvidenceFilter, string][] => {
      if (Object.keys(a.filter).some((field) => field in b.filter)) return [];
      return [[`${one} + ${other}`, { ...a.filter, ...b.filter }, `(${a.plain}) and (${b.plain})`]];
    }),
  );
}

describe("a million items", () => {
  it("are found as somebody has reviewed it: by which index, in which order", async () => {
    const update = process.env["SWORN_UPDATE_SNAPSHOTS"] === "1";
    const known = readReviewed(await readFile(reviewed, "utf8").catch(() => ""));
    const names: string[] = [];
    const unknown: string[] = [];
    for (let round = 0; round < (update ? 8 : 1); round++) {
      if (round > 0) await (await db.owner()).query("analyze");
      for (const [role, principal] of askers)
        for (const [filter, { filter: fields }] of filters) {
          const name = `${role}, ${filter}`;
          const plan = planLine(await planOf(principal, fields, 51));
          if (round === 0) names.push(name);
          if (known.get(name)?.includes(plan) === true) continue;
          unknown.push(`${name}: ${plan}`);
          known.set(name, [...(known.get(name) ?? []), plan]);
        }
    }
    const lines = names.map((name) => `${name}: ${known.get(name)?.join(OR)}`);
    if (update) await writeFile(reviewed, `${lines.join("\n")}\n`);
    else
      expect(unknown, "Plans that nobody has read. If they are good: SWORN_UPDATE_SNAPSHOTS=1 adds them.").toEqual([]);
    expect(names.toSorted()).toEqual([...known.keys()].toSorted());
  });

  it("are never read one and all, whatever two filters somebody sets", async () => {
    const wrong: string[] = [];
    const two = pairs();
    expect(two.length).toBeGreaterThan(120);
    for (const [role, principal] of askers)
      for (const [name, filter] of two) {
        const nodes = nodesOf(await planOf(principal, filter, 51));
        if (nodes.some((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] === "evidence"))
          wrong.push(`${role}: ${name}`);
      }
    expect(wrong).toEqual([]);
  });

  it("are the same as the slow way finds, first page, totals and facets", async () => {
    const random = createRandom(7);
    let found = 0;
    const all = [...[...filters].map(([name, { filter, plain }]) => [name, filter, plain] as const), ...pairs()];
    const owner = await db.owner();
    await owner.query("set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off");
    for (const [role, principal] of askers)
      for (const [name, filter, plain] of Array.from({ length: 8 }, () => random.pick(all))) {
        const { rows } = await owner.query<{ id: string; all: number }>(
          `select id, count(*) over ()::int as all from sworn.evidence where (${seenBy(principal)}) and (${plain})
           order by happened_at desc, id desc limit 50`,
        );
        const what = `${role}: ${name}`;
        const { page, totals, facets, again } = await asked(async (tx) => {
          const first = await findEvidence(tx, principal, { ...filter, limit: 30 });
          const next =
            first.next === null ? null : await findEvidence(tx, principal, { ...filter, limit: 20, next: first.next });
          return {
            page: first,
            again: next?.items ?? [],
            totals: await countEvidence(tx, principal, filter),
            facets: await countFacets(tx, principal, filter, ["kind"]),
          };
        });
        expect(
          [...page.items, ...again].map(({ id }) => id),
          what,
        ).toEqual(rows.map(({ id }) => id));
        const count = rows[0]?.all ?? 0;
        found += rows.length;
        // A text that is rare, and a place, are looked for up to a bound; this library has none above it.
        expect(totals, what).toMatchObject({ items: Math.min(count, 10_000), capped: count > 10_000 });
        expect(facets.counted, what).toBe(Math.min(count, 2_000));
      }
    expect(found).toBeGreaterThan(150);
  });

  it("lie on the map for everybody who may see them, and for nobody else", async () => {
    const view = "0,51.2,0.05,51.25";
    const owner = await db.owner();
    for (const [role, principal] of askers) {
      const { rows } = await owner.query<{ count: number }>(
        `select count(*)::int as count from sworn.evidence where (${seenBy(principal)}) and id in (
           select evidence_id from sworn.track where west <= 0.05 and east >= 0 and south <= 51.25 and north >= 51.2)`,
      );
      const { counted } = await asked(async (tx) => await mapEvidence(tx, principal, { view, columns: 12 }));
      expect(counted, role).toBe(rows[0]?.count);
    }
  });
});

/** Statistics are drawn by lot: of two plans that cost the same, PostgreSQL takes the one or the other. Both are reviewed. */
const OR = "  or  ";
function readReviewed(text: string): Map<string, string[]> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2).split(OR)];
    }),
  );
}

/** The rules of who sees what once more, from the design and not from the predicate. */
function seenBy({ roles: [role], personId }: Principal): string {
  if (role === "custodian") return "restricted_class_id is null";
  if (role === "prosecutor") return "id in (select evidence_id from sworn.share_item)";
  const own = `person_id = '${personId}'`;
  if (role === "officer") return own;
  return `${own} or unit_id in (select u.id from sworn.unit u join sworn.person p on u.id = p.unit_id or u.parent_id = p.unit_id
          where p.id = '${personId}')`;
}
