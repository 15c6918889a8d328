import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Principal } from "../../ports/http.ts";
import { givenUpJobs } from "../health/index.ts";
import { ownTasks } from "../incidents/index.ts";
import { unreadMentions } from "../markers/index.ts";
import { endingShares } from "../sharing/index.ts";
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

it("tells people of notes that name them, tasks, ending shares and given-up work: what is theirs to see and do", async () => {
  const agencyId = await test.agency("Alder County");
  const owner = await test.owner();
  const id = (): string => randomUUID();
  const [adair, okafor, lawyer] = [id(), id(), id()];
  for (const [person, roles] of [
    [adair, "{officer}"],
    [okafor, "{supervisor}"],
    [lawyer, "{defence}"],
  ])
    await owner.query(
      "insert into sworn.person (id, agency_id, name, email, roles) values ($1, $2, 'Demo', $3, $4::text[])",
      [person, agencyId, `${person}@demo.example`, roles],
    );
  const [own, others] = [id(), id()];
  for (const [item, wearer] of [
    [own, adair],
    [others, okafor],
  ])
    await owner.query(
      `insert into sworn.evidence (id, agency_id, title, kind, state, size, received_at, person_id)
       values ($1, $2, 'Traffic stop', 'video', 'stored', 10, now(), $3)`,
      [item, agencyId, wearer],
    );
  const mentions = new Map<string, string>();
  for (const item of [own, others]) {
    const marker = id();
    mentions.set(item, marker);
    await owner.query(
      "insert into sworn.marker (id, agency_id, evidence_id, kind, note, created_by) values ($1, $2, $3, 'note', 'n', $4)",
      [marker, agencyId, item, okafor],
    );
    await owner.query(
      "insert into sworn.mention (marker_id, person_id, agency_id, evidence_id, mentioned_by) values ($1, $2, $3, $4, $5)",
      [marker, adair, agencyId, item, okafor],
    );
  }
  const [seen, hidden, folder] = [id(), id(), id()];
  for (const [incident, maker] of [
    [seen, adair],
    [hidden, okafor],
  ])
    await owner.query("insert into sworn.incident (id, agency_id, number, created_by) values ($1, $2, $3, $4)", [
      incident,
      agencyId,
      `26-${incident?.slice(0, 4)}`,
      maker,
    ]);
  await owner.query(
    "insert into sworn.case_file (id, agency_id, number, title, created_by) values ($1, $2, 'C-1', 'Demo', $3)",
    [folder, agencyId, adair],
  );
  const task = async (column: string, matter: string, words: string, dueOn: string | null): Promise<void> =>
    void (await owner.query(
      `insert into sworn.matter_task (id, agency_id, ${column}, words, owner_id, due_on, created_by)
       values ($1, $2, $3, $4, $5, $6, $5)`,
      [id(), agencyId, matter, words, adair, dueOn],
    ));
  await task("incident_id", seen, "Call the witness", null);
  await task("incident_id", seen, "Ask for the recording", "2026-11-25");
  await task("incident_id", hidden, "Not theirs any more", null);
  await task("case_id", folder, "Of a case", null);
  const now = new Date("2026-11-20T12:00:00Z");
  const shares = { soon: id(), later: id(), others: id() };
  for (const [share, days, maker] of [
    [shares.soon, 3, okafor],
    [shares.later, 30, okafor],
    [shares.others, 3, adair],
  ] as const)
    await owner.query(
      `insert into sworn.share (id, agency_id, may_download, reason, message, made_by, made_at, expires_at)
       values ($1, $2, false, 'Charging', 'For your review', $3, now(), $4)`,
      [share, agencyId, maker, new Date(now.getTime() + days * 86_400_000)],
    );
  const job = { id: id(), name: "probe" as const, about: own, failedAt: now, reason: "crashed", tries: 5 };
  const failedJobs = {
    list: () => Promise.resolve([job]),
    count: () => Promise.resolve(1),
    retry: () => Promise.resolve([]),
  };
  const sources = [unreadMentions, ownTasks, endingShares, givenUpJobs(failedJobs)];
  const told = async (personId: string, roles: Principal["roles"], scopeShares: string[] = []): Promise<object> => {
    const principal: Principal = {
      kind: "person",
      actorId: personId,
      agencyId,
      roles,
      personId,
      deviceId: null,
      scope: { units: "all", classes: [], shares: scopeShares },
    };
    const { groups } = await test.database.forAgency(agencyId, (tx) => readToday(tx, principal, sources, now));
    return Object.fromEntries(
      groups.map(({ kind, rows }) => [
        kind,
        rows.map((row) => row.markerId ?? row.shareId ?? row.job ?? `${row.matter?.kind}: ${row.title}`),
      ]),
    );
  };
  // Officers have no cases, are told of no note on an item that is not theirs, and end no shares but their own.
  expect(await told(adair, ["officer"])).toEqual({
    mention: [mentions.get(own)],
    task: ["incident: Ask for the recording", "incident: Call the witness"],
    "share-ending": [shares.others],
  });
  expect(await told(adair, ["custodian"])).toMatchObject({
    mention: expect.toSatisfy((all: unknown[]) => all.length === 2) as unknown,
    task: expect.arrayContaining(["case: Of a case", "incident: Not theirs any more"]) as unknown,
  });
  expect(await told(okafor, ["supervisor"])).toEqual({ "share-ending": [shares.soon] });
  expect(await told(lawyer, ["defence"])).toEqual({});
  expect(await told(lawyer, ["defence"], [shares.soon])).toEqual({ "share-ending": [shares.soon] });
  expect(await told(id(), ["admin"])).toEqual({ "job-failed": ["probe"] });
});
