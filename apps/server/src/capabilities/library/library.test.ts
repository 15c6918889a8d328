import type { HistoryFilter } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { fromBase64, fromHex, hashCustodyLeaf, verifyConsistency, verifyInclusion } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { Sworn } from "@sworn/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Principal } from "../../ports/http.ts";
import { append, custodyRoutes, HISTORY_PAGE, startSequencer } from "../custody/index.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { libraryRoutes } from "./index.ts";

// The library as its only client asks it: what the SDK sends is what the routes read.

const ITEMS = 7;
let log: TestLog;
let server: ReturnType<typeof serveRoutes>;
let sworn: Sworn;
let ids: string[];
let principal: Principal;

beforeAll(async () => {
  log = await createTestLog();
  const agencyId = await log.db.agency("Harbor Police (test)");
  const personId = randomUUID();
  principal = { kind: "person", actorId: personId, agencyId, roles: ["custodian"], personId, deviceId: null };
  const owner = await log.db.owner();
  await owner.query(
    `insert into sworn.person (id, agency_id, name, email, roles) values ($1, $2, 'Ofc. Adair', 'a@example.org', '{officer}')`,
    [personId, agencyId],
  );
  ids = Array.from({ length: ITEMS }, () => randomUUID());
  for (const [i, id] of ids.entries())
    await owner.query(
      `insert into sworn.evidence (id, agency_id, title, kind, state, size, duration_ms, recorded_at, person_id)
       values ($1, $2, $3, 'video', 'stored', 10, 1000, $4, $5)`,
      // Several at the same moment: the id alone orders them.
      [
        id,
        agencyId,
        `Stop 100%_${i}`,
        new Date(Date.UTC(2026, 10, 20, 12, Math.floor(i / 3))),
        i < 2 ? personId : null,
      ],
    );
  const { database } = log.db;
  server = serveRoutes({
    routes: [
      ...libraryRoutes({ database, custody: log.deps }),
      ...custodyRoutes({ database, tileStore: log.deps.tileStore }),
    ],
    identify: () => Promise.resolve({ principal, viaCookie: false }),
    log: log.deps.log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  sworn = new Sworn({ url: await server.listen({ port: 0, host: "127.0.0.1" }), token: "k" });
});
afterAll(async () => {
  await server.close();
  await log.close();
});

test("all pages together hold every item once, newest first, also where several share a moment", async () => {
  const seen = [];
  for await (const item of sworn.evidence.all({ limit: 2 })) {
    seen.push(item);
    if (seen.length > ITEMS) break; // a page that comes again would never end
  }
  expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(seen.map(({ recordedAt }) => recordedAt)).toEqual(
    seen
      .map(({ recordedAt }) => recordedAt)
      .toSorted((a, b) => (a ?? "").localeCompare(b ?? ""))
      .toReversed(),
  );
  expect(await sworn.evidence.totals()).toEqual({
    items: ITEMS,
    durationMs: ITEMS * 1000,
    size: ITEMS * 10,
    capped: false,
  });
});

test("a search takes the sender's wildcards as letters", async () => {
  expect((await sworn.evidence.list({ q: "100%_3" })).items.map(({ title }) => title)).toEqual(["Stop 100%_3"]);
  expect((await sworn.evidence.list({ q: "100_" })).items).toEqual([]);
});

test("who sees only their own gets only that, listed, counted and asked for by id", async () => {
  const before = principal;
  principal = { ...before, roles: ["officer"] };
  expect((await sworn.evidence.list()).items.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 2).toSorted());
  expect((await sworn.evidence.totals()).items).toBe(2);
  await expect(sworn.evidence.get(ids[5] ?? "")).rejects.toMatchObject({ code: "not-found" });
  await expect(sworn.evidence.custody(ids[5] ?? "")).rejects.toMatchObject({ code: "not-found" });
  principal = before;
});

test("reading a history is in it, and the SDK's log addresses are those of the server", async () => {
  const subject = { kind: "evidence", id: ids[0] ?? "" } as const;
  const { agencyId } = principal;
  const settle = async (): Promise<void> => {
    const running = startSequencer(log.deps, 10);
    await running.drain();
    await running.stop();
  };
  await log.db.database.forAgency(agencyId, (tx) =>
    append(tx, log.deps, agencyId, { kind: "evidence.stored", subject, actorId: null }),
  );
  await settle();
  const size1 = sizeOf(await sworn.log.checkpoint());
  const { entries } = await sworn.evidence.custody(subject.id);
  expect(entries.map(({ kind }) => kind)).toEqual(["evidence.stored", "evidence.custody-read"]);
  await settle();
  const size2 = sizeOf(await sworn.log.checkpoint());
  const proof = await sworn.log.consistency(size1, size2);
  verifyConsistency(
    {
      size1,
      root1: fromHex(proof.root1),
      size2,
      root2: fromHex(proof.root2),
      proof: proof.proof.map((hash) => fromBase64(hash)),
    },
    nodeSha256,
  );
  expect(size2).toBeGreaterThan(size1);
});

test("gives a long history page by page, all of it under one checkpoint, and the client puts it together", async () => {
  const subject = { kind: "evidence", id: ids[1] ?? "" } as const;
  const { agencyId } = principal;
  const settle = async (): Promise<void> => {
    const running = startSequencer(log.deps, 1000);
    await running.drain();
    await running.stop();
  };
  const add = (count: number): Promise<void> =>
    log.db.database.forAgency(agencyId, async (tx) => {
      for (let i = 0; i < count; i++)
        await append(tx, log.deps, agencyId, { kind: "evidence.downloaded", subject, actorId: null });
    });
  await add(HISTORY_PAGE + 4);
  await settle();
  const first = await sworn.evidence.custodyPage(subject.id, { limit: 3 });
  expect(first.entries.map(({ n }) => n)).toEqual([0, 1, 2]);
  await add(1); // and the log goes on meanwhile
  await settle();
  const second = await sworn.evidence.custodyPage(subject.id, { limit: 3, next: first.next ?? "" });
  expect([second.entries.map(({ n }) => n), second.checkpoint]).toEqual([[3, 4, 5], first.checkpoint]);

  const whole = await sworn.evidence.custody(subject.id);
  const count = HISTORY_PAGE + 6; // the reading itself is one
  expect(whole.entries.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n));
  expect([whole.next, whole.checkpoint === first.checkpoint]).toEqual([null, false]);
  const size = sizeOf(whole.checkpoint ?? "");
  const root = fromBase64(whole.checkpoint?.split("\n")[2] ?? "");
  for (const { index, commitment, proof } of whole.entries) {
    const leafHash = hashCustodyLeaf(fromHex(commitment), nodeSha256);
    verifyInclusion(
      { leafHash, index: index ?? -1, size, proof: (proof ?? []).map((hash) => fromBase64(hash)), root },
      nodeSha256,
    );
  }
  expect((await sworn.evidence.custodyPage(subject.id)).entries).toHaveLength(HISTORY_PAGE);
  for (const next of ["made-up", Buffer.from("[1,999999]").toString("base64url")])
    await expect(sworn.evidence.custodyPage(subject.id, { next })).rejects.toMatchObject({ code: "request-malformed" });
});

test("gives of a history what is asked for: by kind, by whom, on which day of the agency, with its proofs", async () => {
  const subject = { kind: "evidence", id: ids[2] ?? "" } as const;
  const { agencyId } = principal;
  const owner = await log.db.owner();
  await owner.query("update sworn.agency set time_zone = 'America/New_York' where id = $1", [agencyId]);
  await log.db.database.forAgency(agencyId, async (tx) => {
    await append(tx, log.deps, agencyId, { kind: "evidence.stored", subject, actorId: null });
    for (const audience of ["agency", "defence"] as const)
      await append(tx, log.deps, agencyId, { kind: "evidence.viewed", subject, actorId: principal.actorId, audience });
  });
  const running = startSequencer(log.deps, 1000);
  await running.drain();
  await running.stop();
  const kinds = async (filter: HistoryFilter): Promise<unknown[]> =>
    (await sworn.evidence.custodyPage(subject.id, filter)).entries.map(({ kind }) => kind);
  // Unfiltered, the defence's viewing is counted; asked by what it is, it does not answer.
  expect(await kinds({})).toEqual(["evidence.stored", "evidence.viewed", null, "evidence.custody-read"]);
  expect(await kinds({ kind: ["evidence.viewed", "evidence.downloaded"] })).toEqual(["evidence.viewed"]);
  expect(await kinds({ actor: principal.actorId })).toEqual(["evidence.viewed", "evidence.custody-read"]);
  expect(await kinds({ actor: "00000000-0000-0000-0000-000000000000" })).toEqual(["evidence.stored"]);
  const now = new Date(log.deps.clock.now());
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "America/New_York" }).format(now);
  expect(await kinds({ day, kind: ["evidence.stored"] })).toEqual(["evidence.stored"]);
  expect(await kinds({ day: "2020-01-01" })).toEqual([]);
  const page = await sworn.evidence.custodyPage(subject.id, { kind: ["evidence.viewed"] });
  expect(page.entries[0]?.proof).not.toBeNull();
  const first = await sworn.evidence.custodyPage(subject.id, { actor: principal.actorId, limit: 1 });
  const rest = await sworn.evidence.custodyPage(subject.id, { actor: principal.actorId, next: first.next ?? "" });
  expect(rest.entries.map(({ kind }) => kind)).toEqual(["evidence.custody-read"]);
});

const sizeOf = (note: string): number => Number(note.split("\n")[1]);
