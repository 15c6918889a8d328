import { randomUUID } from "node:crypto";

import { it } from "vitest";
import { createTestLog } from "/srv/h6/apps/server/src/capabilities/custody/testing.ts";
import { findEntries } from "/srv/h6/apps/server/src/capabilities/audit/find-entries.ts";
import { describeLines } from "/srv/h6/apps/server/src/capabilities/audit/describe-lines.ts";
it("measures", async () => {
  const log = await createTestLog();
  const a = await log.db.agency("A");
  const o = await log.db.owner();
  await o.query("set session_replication_role = replica");
  await o.query(
    `insert into sworn.person (id, agency_id, name, email, roles) select ('00000000-0000-4000-8000-'||lpad(to_hex(g),12,'0'))::uuid, $1, 'P'||g, g||'@x', '{officer}' from generate_series(1,200) g`,
    [a],
  );
  await o.query(
    `insert into sworn.device (id, agency_id, name) select ('00000000-0000-4000-9000-'||lpad(to_hex(g),12,'0'))::uuid, $1, 'D'||g from generate_series(1,300) g`,
    [a],
  );
  await o.query(
    `insert into sworn.evidence (id, agency_id, title, kind, state, size, device_id, person_id) select ('00000000-0000-4000-a000-'||lpad(to_hex(g),12,'0'))::uuid, $1, 'Item '||g, 'video','stored',10, ('00000000-0000-4000-9000-'||lpad(to_hex(1+g%300),12,'0'))::uuid,('00000000-0000-4000-8000-'||lpad(to_hex(1+g%200),12,'0'))::uuid from generate_series(1,150000) g`,
    [a],
  );
  const N = 1200000;
  console.time("fill");
  await o.query(
    `insert into custody.entry (id, agency_id, subject_kind, subject_id, n, prev, commitment, kind, actor_id, at)
    select gen_random_uuid(), $1, 'evidence', ('00000000-0000-4000-a000-'||lpad(to_hex(1+(g%150000)),12,'0'))::uuid, g/150000, case when g/150000=0 then null else decode(repeat('00',32),'hex') end, sha256(g::text::bytea),
    case when g%150000=g then 'evidence.stored' when g%1009=0 then 'evidence.downloaded' when g%3=0 then 'evidence.custody-read' when g%100003=0 then 'hold.placed' else 'evidence.viewed' end,
    ('00000000-0000-4000-8000-'||lpad(to_hex((1+((g::int8*7919)%200))::int),12,'0'))::uuid, timestamptz '2026-01-01' + g * interval '20 s' from generate_series(1, ${N}) g`,
    [a],
  );
  await o.query(
    `insert into custody.event_body (entry_id, agency_id, event, salt) select e.id, e.agency_id, '{"v":1,"kind":"'||kind||'","subject":{"kind":"evidence","id":"'||subject_id||'"},"n":'||n||',"prev":'||case when n=0 then 'null' else '"'||repeat('00',32)||'"' end||',"actor":{"kind":"person","id":"'||actor_id||'"},"at":"'||to_char(at at time zone 'UTC','YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')||'","time":{"source":"server","uncertaintyMs":1000},"reason":null,"hashes":{},"software":"x","details":{"title":"Then '||n||'"}}', decode(repeat('00',32),'hex') from custody.entry e`,
  );
  await o.query(
    `insert into custody.leaf (index, commitment, leaf_hash) select row_number() over () - 1, commitment, commitment from custody.entry`,
  );
  await o.query("vacuum analyze custody.entry, custody.event_body, custody.leaf");
  await o.query("analyze sworn.evidence");
  console.timeEnd("fill");
  const p = (n: number, k = "8000") => `00000000-0000-4000-${k}-${n.toString(16).padStart(12, "0")}`;
  const me: any = {
    kind: "person",
    actorId: randomUUID(),
    agencyId: a,
    roles: ["auditor"],
    personId: null,
    deviceId: null,
    scope: { units: "all", classes: [] },
  };
  const cases: [string, any, any?][] = [
    ["all", {}],
    ["all, deep", {}, { at: new Date("2026-02-01"), n: 0, id: randomUUID() }],
    ["saw", { did: ["saw"] }],
    ["exported", { did: ["exported"] }],
    ["hold.placed", { kind: ["hold.placed"] }],
    ["kind that never was", { kind: ["key.revoked"] }],
    ["changed", { did: ["changed"] }],
    ["actor", { actor: [p(5)] }],
    ["actor exported", { actor: [p(5)], did: ["exported"] }],
    ["actor rare kind", { actor: [p(5)], kind: ["hold.placed"] }],
    ["20 actors", { actor: Array.from({ length: 20 }, (_, i) => p(i + 1)) }],
    ["item", { subject: [p(77, "a000")] }],
    ["20 items saw", { subject: Array.from({ length: 20 }, (_, i) => p(i + 1, "a000")), did: ["saw"] }],
    ["device (500 items)", { device: [p(9, "9000")] }],
    ["20 devices (10k items)", { device: Array.from({ length: 20 }, (_, i) => p(i + 1, "9000")) }],
    ["day", { from: "2026-03-01", to: "2026-03-01" }],
    ["day, exported", { from: "2026-03-01", to: "2026-03-01", did: ["exported"] }],
    ["old rare", { to: "2026-02-01", kind: ["hold.placed"] }],
  ];
  for (const [name, filter, after] of cases) {
    const ms: number[] = [];
    let rows = 0;
    for (let i = 0; i < 5; i += 1) {
      const t = performance.now();
      rows = (
        await log.db.database.forAgency(a, async (tx) => {
          const f = await findEntries(tx, me, filter, { after: after ?? null, limit: 101 });
          return await describeLines(tx, f);
        })
      ).length;
      ms.push(performance.now() - t);
    }
    ms.sort((x, y) => x - y);
    console.log(
      name.padEnd(28),
      String(rows).padStart(4),
      "rows  p50",
      ms[2]!.toFixed(0),
      "max",
      ms[4]!.toFixed(0),
      "ms",
    );
  }
  await log.close();
}, 600000);
