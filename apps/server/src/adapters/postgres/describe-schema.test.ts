import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type AskCatalogue, describeSchema, schemaDrift, schemaSnapshot } from "./describe-schema.ts";
import { createTestDatabase, type TestDatabase } from "./testing.ts";

let db: TestDatabase;
let ask: AskCatalogue;
beforeAll(async () => {
  db = await createTestDatabase();
  // The checker's login suffices: `sworn check` reports drift without the owner.
  const checker = await db.login("sworn_checker");
  ask = (text) => checker.query<{ line: string }>(text);
});
afterAll(async () => db.close());

test("the migrations give the reviewed schema", async () => {
  const text = await describeSchema(ask);
  if (process.env["SWORN_UPDATE_SNAPSHOTS"] !== undefined) await writeFile(schemaSnapshot, text);
  const reviewed = await readFile(schemaSnapshot, "utf8").catch(() => "");
  expect(
    text,
    "The schema changed. Read the difference; if it is meant: SWORN_UPDATE_SNAPSHOTS=1, run this test again.",
  ).toBe(reviewed);
  expect(await schemaDrift(ask)).toEqual([]);
});

test.each([
  ["a column", "alter table sworn.evidence add column note text", "unexpected: sworn.evidence.note text"],
  ["a dropped index", "drop index sworn.evidence_by_sha256", "missing: CREATE INDEX evidence_by_sha256"],
  [
    "a disabled trigger",
    "alter table custody.leaf disable trigger append_only",
    "unexpected: custody.leaf D CREATE TRIGGER append_only",
  ],
  [
    "a wider grant",
    "grant delete on custody.entry to sworn_app",
    "unexpected: custody.entry sworn_app DELETE, INSERT, SELECT",
  ],
  [
    "a column grant",
    "grant update (role) on sworn.api_key to sworn_app",
    "unexpected: sworn.api_key.role sworn_app UPDATE",
  ],
  ["a dropped policy", "drop policy own_agency on sworn.evidence", "missing: sworn.evidence own_agency"],
  [
    "row-level security turned off",
    "alter table sworn.span disable row level security",
    "unexpected: sworn.span r NO RLS",
  ],
  [
    "a dropped check",
    "alter table sworn.span drop constraint span_sealed_sha256_check",
    "missing: sworn.span span_sealed_sha256_check",
  ],
  [
    "a changed function",
    "create or replace function sworn.agency_ids() returns setof uuid language sql as 'select null::uuid'",
    "unexpected: sworn.agency_ids()",
  ],
  ["a table given away", "alter table sworn.evidence owner to sworn_auth", "unexpected: sworn.evidence sworn_auth"],
])("%s is noticed as drift", async (_, statement, line) => {
  const owner = await db.owner();
  await owner.query("begin");
  try {
    await owner.query(statement);
    const drift = await schemaDrift((text) => owner.query<{ line: string }>(text));
    expect(drift).toContainEqual(expect.stringContaining(line));
  } finally {
    await owner.query("rollback");
  }
});
