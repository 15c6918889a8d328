import { randomUUID } from "node:crypto";
import { Problem } from "@sworn/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { keepAnswers } from "../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../adapters/postgres/testing.ts";
import { type Principal, type Reply, route } from "../ports/http.ts";
import { serveRoutes } from "./serve-routes.ts";

const agencyId = randomUUID();
const other = randomUUID();
const asker = (agency = agencyId): Principal => ({
  kind: "key",
  actorId: randomUUID(),
  agencyId: agency,
  roles: ["custodian"],
  personId: null,
  deviceId: null,
});
let db: TestDatabase;
let who = asker();
let done: string[] = [];
/** What the next request meets. */
let handle: () => Promise<Reply> | Reply;
/** What this asker may not see any more. */
let hidden = "";
let server: ReturnType<typeof serveRoutes>;

beforeAll(async () => {
  db = await createTestDatabase();
  const owner = await db.owner();
  for (const id of [agencyId, other]) await owner.query("insert into sworn.agency (id, name) values ($1, 'A')", [id]);
  const body = z.object({ text: z.string() });
  const add = route({
    method: "POST",
    path: "/api/v1/things",
    access: { permission: "evidence.list" },
    summary: "",
    body,
    handle: async ({ body: { text } }) => {
      done.push(text);
      return await handle();
    },
  });
  server = serveRoutes({
    routes: [
      add,
      { ...add, path: "/api/v1/secrets", secretAnswer: true },
      { ...add, path: "/api/v1/described", answer: z.object({ id: z.number() }) },
    ],
    identify: () => Promise.resolve({ principal: who, viaCookie: false }),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    ownOrigins: () => [],
    checkAnswers: true,
    keptAnswers: keepAnswers(db.database),
    shownTo: (_, ids) => Promise.resolve(new Set(ids.filter((id) => id !== hidden))),
  });
});
afterAll(async () => {
  await server.close();
  await db.close();
});
beforeEach(() => {
  who = asker();
  done = [];
  handle = () => ({ status: 201, body: { id: done.length } });
});

async function post(
  key: string | null,
  text = "a",
  path = "/api/v1/things",
): Promise<{ status: number; body: unknown; replayed: boolean }> {
  const answer = await server.inject({
    method: "POST",
    url: path,
    headers: { "content-type": "application/json", ...(key === null ? {} : { "idempotency-key": key }) },
    payload: JSON.stringify({ text }),
  });
  const body: unknown = answer.body === "" ? null : answer.json();
  return { status: answer.statusCode, body, replayed: answer.headers["idempotency-replayed"] === "true" };
}

describe("a request with an Idempotency-Key", () => {
  it("is carried out once and answered the same each time", async () => {
    const key = randomUUID();
    expect(await post(key)).toEqual({ status: 201, body: { id: 1 }, replayed: false });
    expect(await post(key)).toEqual({ status: 201, body: { id: 1 }, replayed: true });
    expect(await post(null)).toMatchObject({ body: { id: 2 }, replayed: false });
    expect(done).toHaveLength(2);
  });
  it("has an answer that is as the contract says, the second time too", async () => {
    const key = randomUUID();
    await post(key, "a", "/api/v1/described");
    expect(await post(key, "a", "/api/v1/described")).toEqual({ status: 201, body: { id: 1 }, replayed: true });
  });
  it("is not answered again with what was hidden from the asker since: in the words for what is not there", async () => {
    const key = randomUUID();
    const item = randomUUID();
    handle = () => ({ status: 200, body: { item, note: "He runs at 0:14" } });
    expect(await post(key)).toMatchObject({ status: 200 });
    hidden = item;
    const again = await post(key);
    expect([again.status, again.body]).toMatchObject([404, { code: "not-found" }]);
    expect(JSON.stringify(again)).not.toContain("runs");
    hidden = "";
    expect(await post(key)).toMatchObject({ status: 200, replayed: true });
    // So is what the request itself names, where the answer names nothing.
    handle = () => ({ status: 204 });
    const other = randomUUID();
    await post(other, "b", `/api/v1/things?of=${item}`);
    hidden = item;
    expect(await post(other, "b", `/api/v1/things?of=${item}`)).toMatchObject({ status: 404 });
    hidden = "";
    expect(done).toHaveLength(2);
    // What was hidden all along answers again: else a repetition would tell that it is there.
    const third = randomUUID();
    hidden = item;
    handle = () => ({ status: 200, body: { missing: [item] } });
    expect([await post(third, "c"), await post(third, "c")]).toMatchObject([{ status: 200 }, { replayed: true }]);
    hidden = "";
  });
  it("keeps an answer without a body", async () => {
    handle = () => ({ status: 204 });
    const key = randomUUID();
    expect([await post(key), await post(key)]).toEqual([
      { status: 204, body: null, replayed: false },
      { status: 204, body: null, replayed: true },
    ]);
  });
  it("of ten at once is carried out once", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(key)));
    expect(done).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    for (const { status, body } of answers)
      if (status !== 201) expect(body).toMatchObject({ status: 409, code: "outcome-unknown" });
  });
  it("belongs to one asker: another's same key is their own", async () => {
    const key = randomUUID();
    await post(key);
    who = asker();
    expect(await post(key)).toMatchObject({ body: { id: 2 }, replayed: false });
    who = asker(other);
    expect(await post(key)).toMatchObject({ body: { id: 3 }, replayed: false });
  });
  it("stands for one request", async () => {
    const key = randomUUID();
    await post(key);
    expect(await post(key, "b")).toMatchObject({ status: 422, body: { code: "key-reused" } });
    expect(done).toEqual(["a"]);
  });
  it("may be sent again after a refusal, not after a failure of which nobody knows", async () => {
    const key = randomUUID();
    handle = () => Promise.reject(new Problem("name-taken"));
    expect(await post(key)).toMatchObject({ status: 409, body: { code: "name-taken" } });
    handle = () => Promise.reject(new Problem("busy"));
    expect(await post(key)).toMatchObject({ status: 503 });
    handle = () => ({ status: 201, body: {} });
    expect(await post(key)).toMatchObject({ status: 409, body: { code: "outcome-unknown" } });
    expect(done).toHaveLength(2);
  });
  it("is no longer known after a day", async () => {
    const key = randomUUID();
    await post(key);
    await (await db.owner()).query("update sworn.kept_answer set begun_at = begun_at - interval '25 hours'");
    expect(await post(key)).toMatchObject({ body: { id: 2 }, replayed: false });
  });
  it("is one of 2,000 in a day; those that are known are answered beyond it", async () => {
    const key = randomUUID();
    await post(key);
    await (
      await db.owner()
    ).query(
      `insert into sworn.kept_answer (agency_id, actor_id, key, request_sha256)
       select $1, $2, 'another-' || n, sha256('') from generate_series(1, 1999) n`,
      [agencyId, who.actorId],
    );
    expect(await post(key)).toEqual({ status: 201, body: { id: 1 }, replayed: true });
    const refused = await post(randomUUID());
    expect(refused).toMatchObject({ status: 429, body: { code: "rate-limited", withoutKey: true } });
    expect(done).toHaveLength(1);
  });
  it.each(["short", "with space in it", "x".repeat(201), "naïve-key-1"])("is refused as %s", async (key) => {
    expect(await post(key)).toMatchObject({ status: 400, body: { code: "request-malformed" } });
    expect(done).toEqual([]);
  });
  it("is refused where the answer is a secret", async () => {
    expect(await post(randomUUID(), "a", "/api/v1/secrets")).toMatchObject({ status: 400 });
    expect(await post(null, "a", "/api/v1/secrets")).toMatchObject({ status: 201 });
  });
});
