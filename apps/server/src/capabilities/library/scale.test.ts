import { writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { it } from "vitest";
import { openRetentionRig } from "../retention/retention.testing.ts";
it("scale", { timeout: 3_000_000 }, async () => {
  const N = Number(process.env["ROWS"] ?? 1_000_000);
  const rig = await openRetentionRig();
  const admin = await rig.person(["admin"]);
  const o = await rig.log.db.owner();
  const out: string[] = [];
  const say = (s: string) => { out.push(s); writeFileSync("/tmp/scale.txt", out.join("\n")); };
  const units: string[] = [];
  for (let i = 0; i < 32; i++) units.push((await rig.ask<{ id: string }>(admin, "POST", "/api/v1/units", { name: `U${i}` })).body.id);
  const cats: string[] = [];
  for (let i = 0; i < 10; i++) cats.push((await rig.ask<{ id: string }>(admin, "POST", "/api/v1/categories", { name: `C${i}`, keep: { count: 90, unit: "day" } })).body.id);
  let t = Date.now();
  await o.query(`insert into sworn.person (id, agency_id, name, email, roles, unit_id) select gen_random_uuid(), $1, 'Ofc. ' || i, i || '@x', '{officer}', ($2::uuid[])[1 + i % 32] from generate_series(1, 22000) i`, [rig.agencyId, units]);
  await o.query(`insert into sworn.device (id, agency_id, name, person_id) select gen_random_uuid(), $1, 'VX-' || email, id from sworn.person where email like '%@x'`, [rig.agencyId]);
  await o.query(`create temp table p as select d.id as device, p.id as person, p.unit_id as unit, row_number() over () as n from sworn.person p join sworn.device d on d.person_id = p.id`);
  await o.query("create index on p(n)"); await o.query("analyze p");
  for (let at = 0; at < N; at += 250_000) {
    await o.query(`insert into sworn.evidence (id, agency_id, title, kind, state, size, recorded_at, received_at, time_source, device_id, person_id, unit_id, media_state, duration_ms, categories, holds, source_name)
     select gen_random_uuid(), $1, (array['Traffic stop','Welfare check','Domestic','Foot patrol','Arrest'])[1 + i % 5] || ' Elm St ' || i, case when i % 50 = 0 then 'photo' else 'video' end, 'stored', 1e8, now() - i * interval '31 seconds', now() - i * interval '31 seconds', 'gnss', p.device, p.person, p.unit, case when i % 1000 = 0 then 'refused' else 'ready' end, 600000 + i % 100000, case when i % 20 = 0 then 0 else 1 end, case when i % 5000 = 0 then 1 else 0 end, 'clip' || i || '.mp4'
     from generate_series($2::bigint + 1, $2::bigint + 250000) i join p on p.n = 1 + (i * 7919) % 22000`, [rig.agencyId, at]);
  }
  await o.query(`insert into sworn.evidence_category (evidence_id, category_id, agency_id) select id, ($2::uuid[])[1 + (extract(epoch from recorded_at)::bigint % 9)], $1 from sworn.evidence where categories = 1`, [rig.agencyId, cats]);
  await o.query(`insert into sworn.evidence_category (evidence_id, category_id, agency_id) select id, $2, $1 from sworn.evidence where holds = 1 on conflict do nothing`, [rig.agencyId, cats[9]]);
  say(`filled ${N} in ${((Date.now() - t) / 1000).toFixed(0)} s`);
  await o.query("analyze");
  const size = await o.query("select pg_size_pretty(pg_total_relation_size('sworn.evidence')) s, pg_size_pretty(pg_indexes_size('sworn.evidence')) i"); say(JSON.stringify(size.rows[0]));
  const who = { custodian: await rig.person(["custodian"]), supervisor: await rig.person(["supervisor"], units[3]!) };
  const officer = (await o.query<{ id: string }>("select id from sworn.person where email = '77@x'")).rows[0]!.id;
  const one = (await o.query<{ person_id: string; device_id: string }>("select person_id, device_id from sworn.evidence limit 1")).rows[0]!;
  void officer; void randomUUID;
  const queries = ["", "is=uncategorised", "is=held", "is=not-playable", "is=restricted", `unit=${units[5]}`, `category=${cats[0]}`, `category=${cats[9]}`, `person=${one.person_id}`, `device=${one.device_id}`, "kind=photo", "q=elm", "q=Elm+4999999", "q=nothing+such", "from=2026-11-01&to=2026-11-02", "minSeconds=690", `category=${cats[9]}&unit=${units[5]}&is=not-playable`, "kind=document", "bbox=0,0,1,1"];
  for (const [role, id] of Object.entries(who))
    for (const q of queries) {
      const ms: string[] = [];
      for (const path of ["?limit=50&", "/totals?", "/facets?"]) {
        const each: number[] = [];
        for (let i = 0; i < 2; i++) { const s = performance.now(); const a = await rig.ask(id, "GET", `/api/v1/evidence${path}${q}`); each.push(performance.now() - s); if (a.status !== 200) throw new Error(JSON.stringify(a)); }
        ms.push(Math.min(...each).toFixed(0));
      }
      say(`${role.padEnd(10)} ${q.replace(/[0-9a-f-]{36}/g, "…").padEnd(50)} list ${ms[0]} totals ${ms[1]} facets ${ms[2]} ms`);
    }
  await rig.close();
});
