import { randomUUID } from "node:crypto";
import { CoreError, parseEvent, verifyCommitment } from "@sworn/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import {
  append,
  type AppendDeps,
  appendOncePerDay,
  appendOncePerQuarterHour,
  LogError,
  type NewEvent,
} from "./index.ts";

let db: TestDatabase;
let agency: string;
let now = Date.UTC(2026, 10, 20, 21, 3, 58, 120);
const deps: AppendDeps = { clock: { now: () => now, monotonic: () => now }, software: "sworn 0.1.0" };

beforeAll(async () => {
  db = await createTestDatabase({ appConnections: 12 });
  agency = await db.agency("Harbor Police");
});
afterAll(async () => db.close());

const viewed = (id: string, actorId: string | null = randomUUID()): NewEvent => ({
  kind: "evidence.viewed",
  subject: { kind: "evidence", id },
  actorId,
});
const entriesOf = (subject: string) =>
  db.database.forAgency(agency, (tx) =>
    tx
      .selectFrom("custody.entry")
      .innerJoin("custody.event_body", "entry_id", "id")
      .selectAll()
      .where("subject_id", "=", subject)
      .orderBy("n")
      .execute(),
  );

test("an event is stored as the exact text that its commitment opens, in its subject's chain", async () => {
  const subject = randomUUID();
  const actor = randomUUID();
  await db.database.forAgency(agency, async (tx) => {
    await append(tx, deps, agency, {
      kind: "evidence.stored",
      subject: { kind: "evidence", id: subject },
      actorId: actor,
      actorKind: "device",
      hashes: { sha256: "ab".repeat(32) },
      details: { size: 12 },
    });
    await append(tx, deps, agency, viewed(subject));
  });
  const [first, second] = await entriesOf(subject);
  const event = parseEvent(first?.event ?? "");
  expect(event).toMatchObject({
    n: 0,
    prev: null,
    at: "2026-11-20T21:03:58.120Z",
    actor: { kind: "device", id: actor },
  });
  verifyCommitment(event, first?.salt ?? new Uint8Array(), first?.commitment ?? new Uint8Array());
  expect(first?.salt).not.toEqual(second?.salt);
  expect(second?.prev).toEqual(first?.commitment);
  expect(parseEvent(second?.event ?? "").prev).toBe(Buffer.from(first?.commitment ?? "").toString("hex"));
});

test("a rolled back change leaves no event and no number", async () => {
  const subject = randomUUID();
  const failed = db.database.forAgency(agency, async (tx) => {
    await append(tx, deps, agency, viewed(subject));
    throw new Error("the change failed");
  });
  await expect(failed).rejects.toThrow("the change failed");
  expect(await entriesOf(subject)).toEqual([]);
  await db.database.forAgency(agency, (tx) => append(tx, deps, agency, viewed(subject)));
  expect((await entriesOf(subject)).map(({ n }) => n)).toEqual([0]);
});

test("sixty appends at once to one subject are numbered without hole or fork", async () => {
  const subject = randomUUID();
  await Promise.all(
    Array.from({ length: 60 }, () => db.database.forAgency(agency, (tx) => append(tx, deps, agency, viewed(subject)))),
  );
  const entries = await entriesOf(subject);
  expect(entries.map(({ n }) => n)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  entries.slice(1).forEach((entry, i) => expect(entry.prev).toEqual(entries[i]?.commitment));
});

test("reading is one event per person, item and quarter of an hour", async () => {
  const subject = randomUUID();
  const [adair, moreno] = [randomUUID(), randomUUID()];
  const watch = (event: NewEvent) =>
    db.database.forAgency(agency, (tx) => appendOncePerQuarterHour(tx, deps, agency, event));
  await Promise.all(Array.from({ length: 20 }, () => watch(viewed(subject, adair))));
  await watch(viewed(subject, moreno));
  await watch({ ...viewed(subject, adair), kind: "evidence.downloaded" });
  expect(await entriesOf(subject)).toHaveLength(3);
  now += 15 * 60 * 1000;
  expect(await watch(viewed(subject, adair))).not.toBeNull();
  expect(await entriesOf(subject)).toHaveLength(4);
});

test("looking at the pictures is logged once per person, subject and day", async () => {
  const subject = randomUUID();
  const adair = randomUUID();
  const look = (actorId: string): Promise<unknown> =>
    db.database.forAgency(agency, (tx) =>
      appendOncePerDay(tx, deps, agency, { ...viewed(subject, actorId), kind: "evidence.previewed" }),
    );
  await Promise.all(Array.from({ length: 5 }, () => look(adair)));
  await look(randomUUID());
  now += 60 * 60 * 1000;
  expect(await look(adair)).toBeNull();
  expect(await entriesOf(subject)).toHaveLength(2);
  now += 24 * 60 * 60 * 1000;
  expect(await look(adair)).not.toBeNull();
  expect(await entriesOf(subject)).toHaveLength(3);
});

test("what format version 1 does not allow is refused with its code, and nothing is written", async () => {
  const subject = randomUUID();
  const tryAppend = (event: NewEvent) => db.database.forAgency(agency, (tx) => append(tx, deps, agency, event));
  await expect(tryAppend({ ...viewed(subject), hashes: { sha256: "AB" } })).rejects.toMatchObject({
    code: "event-hashes",
  });
  await expect(tryAppend({ ...viewed(subject), details: { speed: 0.5 } })).rejects.toBeInstanceOf(CoreError);
  // @ts-expect-error a kind that is not in the contract
  await expect(tryAppend({ ...viewed(subject), kind: "evidence.forgotten" })).rejects.toThrow("no event kind");
  expect(await entriesOf(subject)).toEqual([]);
});

test("an agency cannot continue another agency's subject", async () => {
  const subject = randomUUID();
  await db.database.forAgency(agency, (tx) => append(tx, deps, agency, viewed(subject)));
  const other = await db.agency("Hill County Sheriff");
  const foreign = db.database.forAgency(other, (tx) => append(tx, deps, other, viewed(subject)));
  await expect(foreign).rejects.toBeInstanceOf(LogError);
  await expect(foreign).rejects.toMatchObject({ code: "append-conflict" });
});
