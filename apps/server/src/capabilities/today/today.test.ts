import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Principal } from "../../ports/http.ts";
import { readToday } from "./read-today.ts";
import { ownSources } from "./sources.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it("tells a key of a role no more than its scopes let it read", async () => {
  const agencyId = await test.agency("Elm County");
  await (
    await test.owner()
  ).query(
    `insert into sworn.evidence (id, agency_id, title, kind, state, size, received_at)
     values ($1, $2, 'Traffic stop', 'video', 'incomplete', 10, now())`,
    [randomUUID(), agencyId],
  );
  const key: Principal = {
    kind: "key",
    actorId: randomUUID(),
    agencyId,
    roles: ["custodian"],
    personId: null,
    deviceId: null,
    scope: { units: "all", classes: [] },
  };
  const told = async (who: Principal): Promise<string[]> =>
    (await test.database.forAgency(agencyId, (tx) => readToday(tx, who, ownSources, new Date()))).groups.map(
      ({ kind }) => kind,
    );
  expect(await told(key)).toEqual(["incomplete"]);
  expect(await told({ ...key, permissions: ["upload.create"] })).toEqual([]);
});
