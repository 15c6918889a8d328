import type { Client } from "pg";

/** Who asks in the benchmark, as people of the agency that was filled. */
export interface Filled {
  readonly boroughs: readonly string[];
  readonly units: readonly string[];
  readonly categories: readonly string[];
  readonly people: readonly string[];
  readonly devices: readonly string[];
}

const PEOPLE = 200;
const UNITS = 40;
const CHUNK = 500_000;

/**
 * Fills one agency with `rows` items as the years of an agency of 200 cameras would: one item each 31 seconds, wearers in
 * 40 units below 8 boroughs, nine categories of 95 % of the items and one of every 5,000th, holds, refused files, photos,
 * places along a small town. Rows are written by the owner without their events: what is measured is reading.
 */
export async function fillLibrary(owner: Client, rows: number, say: (text: string) => void): Promise<Filled> {
  const found = await owner.query<{ id: string }>("select id from sworn.agency");
  const agency = found.rows[0]?.id ?? "";
  const ids = async (text: string, values: unknown[]): Promise<string[]> =>
    (await owner.query<{ id: string }>(text, values)).rows.map(({ id }) => id);
  const boroughs = await ids(
    `insert into sworn.unit (id, agency_id, name) select gen_random_uuid(), $1, 'Borough ' || i from generate_series(1, 8) i returning id`,
    [agency],
  );
  const units = await ids(
    `insert into sworn.unit (id, agency_id, name, parent_id)
     select gen_random_uuid(), $1, 'Watch ' || i, ($2::uuid[])[1 + i % 8] from generate_series(1, ${UNITS}) i returning id`,
    [agency, boroughs],
  );
  const categories = await ids(
    `insert into sworn.category (id, agency_id, name, keep_count, keep_unit)
     select gen_random_uuid(), $1, 'Category ' || i, 90, 'day' from generate_series(1, 10) i returning id`,
    [agency],
  );
  const people = await ids(
    `insert into sworn.person (id, agency_id, name, email, roles, unit_id)
     select gen_random_uuid(), $1, 'Ofc. Bench ' || i, 'bench' || i || '@bench.example', '{officer}', ($2::uuid[])[1 + i % ${UNITS}]
     from generate_series(1, ${PEOPLE}) i returning id`,
    [agency, units],
  );
  const devices = await ids(
    `insert into sworn.device (id, agency_id, name, person_id)
     select gen_random_uuid(), $1, 'VX-' || i, ($2::uuid[])[i] from generate_series(1, ${PEOPLE}) i returning id`,
    [agency, people],
  );
  const indexes = await dropIndexes(owner);
  // Foreign keys and the triggers of the application; the rows are consistent by how they are made.
  await owner.query("set session_replication_role = replica");
  await owner.query("set synchronous_commit = off");
  for (let at = 0; at < rows; at += CHUNK) {
    await owner.query(
      `insert into sworn.evidence (id, agency_id, title, kind, state, size, recorded_at, received_at, time_source, device_id,
                                   person_id, unit_id, media_state, duration_ms, categories, holds, source_name)
       select gen_random_uuid(), $1,
              (array['Traffic stop','Welfare check','Domestic','Foot patrol','Arrest'])[1 + i % 5] || ' Elm St ' || i,
              case when i % 50 = 0 then 'photo' else 'video' end, 'stored', 100000000,
              timestamptz '2026-11-01' - i * interval '31 seconds', timestamptz '2026-11-01' - i * interval '31 seconds',
              'gnss', ($2::uuid[])[1 + w.n], ($3::uuid[])[1 + w.n], ($4::uuid[])[1 + (w.n + 1) % ${UNITS}],
              case when i % 1000 = 0 then 'refused' else 'ready' end, 600000 + i % 100000,
              case when i % 20 = 0 then 0 else 1 end, case when i % 5000 = 1 then 1 else 0 end, 'clip' || i || '.mp4'
       from generate_series($5::bigint + 1, $6::bigint) i, lateral (select (i * 7919) % ${PEOPLE} as n) w`,
      [agency, devices, people, units, at, Math.min(rows, at + CHUNK)],
    );
    say(`${Math.min(rows, at + CHUNK).toLocaleString("en")} items`);
  }
  await owner.query(
    `insert into sworn.evidence_category (evidence_id, category_id, agency_id)
     select id, case when holds = 1 then ($2::uuid[])[10] else ($2::uuid[])[1 + extract(epoch from recorded_at)::bigint % 9] end, $1
     from sworn.evidence where categories = 1`,
    [agency, categories],
  );
  say("categories");
  await owner.query(
    `insert into sworn.track (evidence_id, agency_id, file_id, source, fixes, from_at, to_at, west, south, east, north)
     select id, $1, gen_random_uuid(), 'nmea', 10, recorded_at, recorded_at, x, y, x + 0.002, y + 0.002
     from (select id, recorded_at, -0.5 + random() as x, 51 + random() * 0.5 as y from sworn.evidence
           where extract(epoch from recorded_at)::bigint % 10 = 0) e`,
    [agency],
  );
  say("places");
  await owner.query("reset session_replication_role");
  for (const definition of indexes) {
    await owner.query(definition);
    say(definition.replace(/ USING.*/, ""));
  }
  await owner.query("vacuum analyze");
  return { boroughs, units, categories, people, devices };
}

/** Built at the end each costs a sort; kept up to date row by row they cost ten times as much. */
async function dropIndexes(owner: Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes i
     where schemaname = 'sworn' and tablename in ('evidence', 'evidence_category', 'track')
       and not exists (select from pg_constraint c where c.conname = i.indexname)`,
  );
  for (const { name } of rows) await owner.query(`drop index sworn.${name}`);
  return rows.map(({ definition }) => definition);
}
