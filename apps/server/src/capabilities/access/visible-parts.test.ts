import { randomUUID } from "node:crypto";
import type { Role } from "@sworn/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Principal, Scope } from "../../ports/http.ts";
import { visibleEvidence, visibleParts } from "./index.ts";

let db: TestDatabase;
let agencyId: string;
const [north, watch, south] = [randomUUID(), randomUUID(), randomUUID()];
const [mine, other] = [randomUUID(), randomUUID()];
const affairs = randomUUID();

beforeAll(async () => {
  db = await createTestDatabase();
  agencyId = await db.agency("Harbor Police (test)");
  const owner = await db.owner();
  // Every combination of unit, wearer and class, none of them included: rows without their references are enough here.
  await owner.query("set session_replication_role = replica");
  await owner.query(
    `insert into sworn.evidence (id, agency_id, title, kind, state, size, unit_id, person_id, restricted_class_id, happened_at)
     select gen_random_uuid(), $1, 'Any', 'video', 'stored', 1, unit, person, class, now()
     from unnest($2::uuid[]) unit, unnest($3::uuid[]) person, unnest($4::uuid[]) class`,
    [agencyId, [north, watch, south, null], [mine, other, null], [affairs, null]],
  );
});
afterAll(async () => await db.close());

const principal = (roles: readonly Role[], scope?: Scope): Principal => ({
  kind: "person",
  actorId: mine,
  agencyId,
  roles,
  personId: mine,
  deviceId: null,
  ...(scope === undefined ? {} : { scope }),
});
const nobody = { classes: [] };

it.each<[string, Principal, number, number]>([
  ["a supervisor of two units", principal(["supervisor"], { units: [north, watch], ...nobody }), 3, 8],
  ["a member of the class", principal(["supervisor"], { units: [north, watch], classes: [affairs] }), 3, 16],
  ["a unit that is named twice", principal(["supervisor"], { units: [north, north], ...nobody }), 2, 6],
  ["a supervisor of no unit", principal(["supervisor"], { units: "all", ...nobody }), 1, 12],
  ["who is a custodian too", principal(["supervisor", "custodian"], { units: [north], ...nobody }), 1, 12],
  ["an officer with a unit", principal(["officer"], { units: [north], ...nobody }), 1, 4],
  ["no scope at all", principal(["supervisor"]), 1, 4],
  ["more units than are asked one by one", many(100), 1, 6],
  ["a key", { ...principal(["supervisor"], { units: [north], ...nobody }), personId: null }, 1, 3],
])("parts of what %s sees are together what they see, and no item is in two", async (_, who, parts, items) => {
  await db.database.forAgency(agencyId, async (tx) => {
    const idsOf = async (where: ReturnType<typeof visibleEvidence>): Promise<string[]> =>
      (await tx.selectFrom("sworn.evidence").select("id").where(where).execute()).map(({ id }) => id);
    const found: string[] = [];
    for (const part of visibleParts(who)) found.push(...(await idsOf(part)));
    expect(visibleParts(who)).toHaveLength(parts);
    expect(found.toSorted()).toEqual((await idsOf(visibleEvidence(who))).toSorted());
    expect(found).toHaveLength(items);
  });
});

function many(count: number): Principal {
  const units = [north, ...Array.from({ length: count }, () => randomUUID())];
  return principal(["supervisor"], { units, ...nobody });
}

it("holds for whatever roles, units, classes, loans and keys come together", async () => {
  // The same numbers each time: a failure is found again.
  let seed = 20261120;
  const below = (most: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * most);
  };
  const some = <T>(of: readonly T[]): T[] => of.filter(() => below(2) === 0);
  const units = [north, watch, south];
  await db.database.forAgency(agencyId, async (tx) => {
    for (let n = 0; n < 120; n += 1) {
      const reach = below(5) === 0 ? ("all" as const) : some(units);
      const lent = below(3) === 0;
      const scope: Scope = {
        units: reach,
        classes: some([affairs]),
        ...(below(4) === 0 ? { shares: [randomUUID()] } : {}),
        ...(lent && below(2) === 0 ? { within: some(units) } : {}),
      };
      const who: Principal = {
        ...principal(some(["officer", "supervisor", "custodian", "records", "trainer", "defence"]), scope),
        ...(below(4) === 0 ? { personId: null } : {}),
        ...(lent ? { behalf: { delegationId: randomUUID(), personId: other } } : {}),
      };
      const rows = await Promise.all(
        [...visibleParts(who), visibleEvidence(who)].map((where) =>
          tx.selectFrom("sworn.evidence").select("id").where(where).execute(),
        ),
      );
      const ids = rows.map((of) => of.map(({ id }) => id));
      expect(ids.slice(0, -1).flat().toSorted(), JSON.stringify(who)).toEqual(ids.at(-1)?.toSorted());
    }
  });
});
