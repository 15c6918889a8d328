import type { Marker, MarkerHistory, MarkerList } from "@sworn/contract";
import { toHex } from "@sworn/core";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { openRetentionRig, type Answer, type RetentionRig } from "../retention/retention.testing.ts";
import { sql } from "kysely";
import { commitTexts, markerRoutes } from "./index.ts";

let rig: RetentionRig;
let [officer, other, supervisor, custodian, auditor, item]: string[] = [];
const who = (id: string | undefined): string => id ?? "";
beforeAll(async () => {
  rig = await openRetentionRig(markerRoutes);
  officer = await rig.person(["officer"]);
  other = await rig.person(["officer"]);
  supervisor = await rig.person(["supervisor"]);
  custodian = await rig.person(["custodian"]);
  auditor = await rig.person(["auditor"]);
  item = await rig.item({ personId: who(officer) });
  const owner = await rig.log.db.owner();
  await owner.query("update sworn.evidence set duration_ms = 60000 where id = $1", [item]);
}, 60_000);
afterAll(async () => await rig.close());

const add = (as: string | undefined, marker: object, id = who(item)): Promise<Answer<Marker & { code?: string }>> =>
  rig.ask(who(as), "POST", `/api/v1/evidence/${id}/markers`, { kind: "note", note: "Knife on the ground", ...marker });
const change = (as: string | undefined, id: string, body: object): Promise<Answer<Marker & { code?: string }>> =>
  rig.ask(who(as), "PATCH", `/api/v1/markers/${id}`, body);
const list = async (as: string | undefined, id = who(item), query = ""): Promise<MarkerList> =>
  (await rig.ask<MarkerList>(who(as), "GET", `/api/v1/evidence/${id}/markers${query}`)).body;
const code = ({ status, body }: Answer<{ code?: string }>): unknown[] => [status, body.code];

describe("markers", () => {
  it("stand on the time line in its order, page by page, notes on the whole item first", async () => {
    const own = await rig.item({ personId: who(officer) });
    const place = { take: 0, fromMs: 5000, toMs: 9000 };
    const later = await add(officer, { place, label: "Pursuit", kind: "tag", note: "" }, own);
    expect([later.status, later.body]).toMatchObject([201, { place, kind: "tag", version: 1, mine: true }]);
    const whole = (await add(supervisor, {}, own)).body;
    const first = (await add(officer, { place: { take: 0, fromMs: 1000 } }, own)).body;
    expect((await list(officer, own)).items.map(({ id }) => id)).toEqual([whole.id, first.id, later.body.id]);
    const page = await list(officer, own, "?limit=2");
    expect(page.items.map(({ id }) => id)).toEqual([whole.id, first.id]);
    const rest = await list(officer, own, `?limit=2&next=${page.next ?? ""}`);
    expect([rest.items.map(({ id }) => id), rest.next]).toEqual([[later.body.id], null]);
    expect((await rig.ask(who(officer), "GET", `/api/v1/evidence/${own}/markers?next=made-up`)).status).toBe(400);
    // Reading them is an event of its own, said once; who then watches is logged as watching.
    expect((await rig.events(own)).map(({ kind }) => kind).filter((kind) => /viewed|-read/.test(kind))).toEqual([
      "evidence.notes-read",
    ]);
  });

  it("keep every state: the log commits to texts without holding them, a removal can be taken back", async () => {
    const { body: marker } = await add(officer, { label: "Hand", note: "Left hand in the pocket" });
    await change(officer, marker.id, { note: "Right hand in the pocket" });
    expect((await change(officer, marker.id, { note: "Right hand in the pocket" })).body.version).toBe(2);
    const removed = await rig.ask<Marker>(who(supervisor), "DELETE", `/api/v1/markers/${marker.id}`);
    expect(removed.body.removedAt).not.toBeNull();
    expect((await list(officer)).items.map(({ id }) => id)).not.toContain(marker.id);
    expect(code(await change(officer, marker.id, { note: "Neither" }))).toEqual([404, "not-found"]);
    expect((await change(supervisor, marker.id, { removed: false })).body).toMatchObject({
      version: 4,
      removedAt: null,
    });
    const history = await rig.ask<z.infer<typeof MarkerHistory>>(
      who(officer),
      "GET",
      `/api/v1/markers/${marker.id}/history`,
    );
    expect(history.body.items.map(({ note, removed: gone }) => [note.split(" ")[0], gone])).toEqual([
      ["Right", false],
      ["Right", true],
      ["Right", false],
      ["Left", false],
    ]);
    const events = (await rig.events(who(item))).filter(({ details }) => details["marker"] === marker.id);
    expect(events.map(({ kind }) => kind)).toEqual(
      ["added", "changed", "removed", "changed"].map((end) => `marker.${end}`),
    );
    expect(JSON.stringify(events)).not.toMatch(/pocket|Hand/);
    const owner = await rig.log.db.owner();
    const { rows } = await owner.query<{ label: string; note: string; salt: Buffer; text: string }>(
      `select v.label, v.note, v.salt, b.event::json -> 'hashes' ->> 'text' as text from sworn.marker_version v
       join custody.event_body b on b.event::json -> 'details' ->> 'marker' = v.marker_id::text
        and (b.event::json -> 'details' ->> 'version')::int = v.version where v.marker_id = $1`,
      [marker.id],
    );
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(toHex(commitTexts(row, row.salt))).toBe(row.text);
    const edit = owner.query("update sworn.marker_version set note = '' where marker_id = $1", [marker.id]);
    await expect(edit).rejects.toThrow("only added");
  });

  it("refuse what cannot be: beyond the end, backwards, another part, empty, too long, half a character", async () => {
    for (const place of [
      { take: 0, fromMs: 61_001 },
      { take: 0, fromMs: 10, toMs: 62_000 },
      { take: 0, fromMs: 9000, toMs: 5000 },
      { take: 0, fromMs: 9000, toMs: 9000 },
      { take: 1, fromMs: 0 },
    ])
      expect(code(await add(officer, { place })), JSON.stringify(place)).toEqual([422, "range-outside"]);
    for (const bad of [
      { note: "", label: "  " },
      { note: "x".repeat(4001) },
      { label: "x".repeat(101) },
      { note: "nul \0 in it" },
      { note: "half \ud800 a character" },
      { kind: "trigger" },
      { place: { take: 0, fromMs: -1 } },
      { place: { take: 0, fromMs: 1.5 } },
      { mentions: Array.from({ length: 21 }, () => randomUUID()) },
    ])
      expect(code(await add(officer, bad)), JSON.stringify(bad)).toEqual([400, "request-malformed"]);
    const hostile = `<script>alert(1)</script>'; drop table sworn.marker; -- "\\ \u202e`;
    const { body } = await add(officer, { note: hostile });
    expect(body.note).toBe(hostile.trim());
  });

  it("are changed by who wrote them, a supervisor or a custodian, and what machines say by nobody", async () => {
    const { body: marker } = await add(supervisor, {});
    expect(code(await change(officer, marker.id, { note: "Mine now" }))).toEqual([403, "not-allowed"]);
    expect((await list(officer)).items.find(({ id }) => id === marker.id)?.mine).toBe(false);
    expect((await change(custodian, marker.id, { note: "As the custodian says" })).status).toBe(200);
    const owner = await rig.log.db.owner();
    await owner.query("update sworn.marker set kind = 'trigger' where id = $1", [marker.id]);
    expect(code(await change(custodian, marker.id, { note: "No siren" }))).toEqual([403, "not-allowed"]);
    expect(code(await add(auditor, {}))).toEqual([403, "not-allowed"]);
  });

  it("of an item that is not theirs are not there, in whatever way they ask", async () => {
    const { body: marker } = await add(officer, {});
    const absent = randomUUID();
    for (const id of [who(item), absent]) {
      for (const path of ["markers", "mentionable"])
        expect(code(await rig.ask(who(other), "GET", `/api/v1/evidence/${id}/${path}`))).toEqual([404, "not-found"]);
      expect(code(await add(other, {}, id))).toEqual([404, "not-found"]);
    }
    for (const id of [marker.id, absent]) {
      expect(code(await change(other, id, { note: "Seen" }))).toEqual([404, "not-found"]);
      expect(code(await rig.ask(who(other), "DELETE", `/api/v1/markers/${id}`))).toEqual([404, "not-found"]);
      expect(code(await rig.ask(who(other), "GET", `/api/v1/markers/${id}/history`))).toEqual([404, "not-found"]);
    }
  });
});

describe("mentions", () => {
  const unseen = async (personId: string): Promise<string[]> => {
    const owner = await rig.log.db.owner();
    const { rows } = await owner.query<{ marker_id: string }>(
      "select marker_id from sworn.mention where person_id = $1 and seen_at is null",
      [personId],
    );
    return rows.map(({ marker_id }) => marker_id);
  };

  it("reach people who can see the item, and refuse all others like somebody who does not exist", async () => {
    const { body: marker } = await add(officer, { mentions: [supervisor, officer] });
    expect(marker.mentions.map(({ id }) => id).toSorted()).toEqual([who(supervisor), who(officer)].toSorted());
    expect(await unseen(who(supervisor))).toContain(marker.id);
    expect(await unseen(who(officer))).not.toContain(marker.id);
    const answers = [
      await add(officer, { mentions: [other] }), // another officer's item
      await add(officer, { mentions: [auditor] }), // sees the item's facts, not what is in it
      await add(officer, { mentions: [randomUUID()] }),
    ];
    expect(answers.map(code)).toEqual(answers.map(() => [422, "mention-refused"]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(code(await change(officer, marker.id, { mentions: [other] }))).toEqual([422, "mention-refused"]);

    await change(officer, marker.id, { mentions: [custodian] });
    expect([await unseen(who(supervisor)), await unseen(who(custodian))]).toMatchObject([[], [marker.id]]);
    await rig.ask(who(officer), "DELETE", `/api/v1/markers/${marker.id}`);
    expect(await unseen(who(custodian))).toEqual([]);
    await change(officer, marker.id, { removed: false });
    expect(await unseen(who(custodian))).toEqual([marker.id]);
  });

  it("are completed from those who can see the item, and from nobody else", async () => {
    const ask = async (q: string): Promise<string[]> => {
      const path = `/api/v1/evidence/${who(item)}/mentionable?q=${encodeURIComponent(q)}`;
      const { body } = await rig.ask<{ items: { id: string }[] }>(who(officer), "GET", path);
      return body.items.map(({ id }) => id);
    };
    expect((await ask("demo")).toSorted()).toEqual([who(officer), who(supervisor), who(custodian)].toSorted());
    expect(await ask("Superv")).toEqual([supervisor]);
    expect(await ask("%")).toEqual([]);
  });
});

it("a still's marker says its name to those alone who may see the still", async () => {
  const own = await rig.item({ personId: who(officer) });
  const still = await rig.item({ personId: who(officer) });
  const owner = await rig.log.db.owner();
  const { rows } = await owner.query<{ id: string }>(
    `insert into sworn.marker (id, agency_id, evidence_id, kind, label, derivative_id, created_by)
     values (gen_random_uuid(), $1, $2, 'snapshot', 'Face of the informant', $3, $4) returning id`,
    [rig.agencyId, own, still, officer],
  );
  const id = rows[0]?.id ?? "";
  await owner.query(
    `insert into sworn.marker_version (marker_id, version, agency_id, kind, label, note, mentions, removed, salt, commitment, by, at)
     values ($1, 1, $2, 'snapshot', 'Face of the informant', '', '{}', false, sha256('x'), sha256('x'), $3, now())`,
    [id, rig.agencyId, officer],
  );
  const told = async (): Promise<string> =>
    JSON.stringify([
      await list(officer, own),
      (await rig.ask(who(officer), "GET", `/api/v1/markers/${id}/history`)).body,
    ]);
  expect(await told()).toContain("informant");
  // No search finds the original by the still's name.
  const hits = await rig.ask<{ items: unknown[] }>(who(officer), "GET", `/api/v1/evidence/hits?q=informant&ids=${own}`);
  expect([hits.status, hits.body.items]).toEqual([200, []]);
  const found = await rig.ask<{ items: unknown[] }>(who(officer), "GET", "/api/v1/evidence?q=informant");
  expect(found.body.items).toEqual([]);
  await owner.query(
    `with c as (insert into sworn.restricted_class (id, agency_id, name) values (gen_random_uuid(), $1, 'Affairs') returning id)
     update sworn.evidence set restricted_class_id = (select id from c) where id = $2`,
    [rig.agencyId, still],
  );
  expect(await told()).not.toContain("informant");
  expect((await list(officer, own)).items).toMatchObject([{ kind: "snapshot", label: "", derivativeId: null }]);
});

it("a note that was read waits for nobody it names", async () => {
  const own = await rig.item({ personId: who(officer) });
  await add(supervisor, { mentions: [officer] }, own);
  const unread = async (): Promise<number> => {
    const owner = await rig.log.db.owner();
    const sqlText = "select 1 from sworn.mention where evidence_id = $1 and seen_at is null";
    return (await owner.query(sqlText, [own])).rowCount ?? 0;
  };
  await list(supervisor, own);
  expect(await unread()).toBe(1);
  await list(officer, own);
  expect(await unread()).toBe(0);
});

it("a search over notes finds items of this agency by every word, from its index, and nothing that was removed", async () => {
  const own = await rig.item({ personId: who(officer) });
  const { body: marker } = await add(officer, { label: "Xylophone", note: "leans on the green_door" }, own);
  const find = (pattern: string, others: string[], agency = rig.agencyId): Promise<string[]> =>
    rig.log.db.database.forAgency(agency, async (tx) => {
      const found = await sql<{ id: string }>`select sworn.find_marked(${pattern}, ${others}, 10) as id`.execute(tx);
      return found.rows.map(({ id }) => id);
    });
  expect(await find("%xylophone%", ["%green\\_door%"])).toEqual([own]);
  expect(await find("%xylophone%", ["%red%"])).toEqual([]);
  expect(await find("%xylophone%", [], await rig.log.db.agency("Hill County Sheriff"))).toEqual([]);
  await rig.ask(who(officer), "DELETE", `/api/v1/markers/${marker.id}`);
  expect(await find("%xylophone%", [])).toEqual([]);
  const owner = await rig.log.db.owner();
  // Few rows: every plan is as cheap as the other. With what else there is out of the way, it can be used.
  await owner.query("begin; set local enable_seqscan = off; drop index sworn.marker_of_item");
  const { rows } = await owner.query<{ "QUERY PLAN": string }>(
    "explain select evidence_id from sworn.marker k where k.removed_at is null and (k.label || ' ' || k.note) ilike '%xylophone%'",
  );
  await owner.query("rollback");
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("Index Cond");
});
