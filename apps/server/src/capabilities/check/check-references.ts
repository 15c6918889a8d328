import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import type { Report } from "./finding.ts";

interface Reference {
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly target: string;
  readonly both: boolean;
  readonly key: string[];
}

/** Every foreign key, read from the catalogue so that a new one is checked unasked; all of ours have one column. */
async function readReferences(tx: Tx): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select k.conrelid::regclass::text as child, c.attname as column, k.confrelid::regclass::text as parent, t.attname as target,
      (select count(*) = 2 from pg_attribute a where a.attrelid in (k.conrelid, k.confrelid) and a.attname = 'agency_id') as both,
      array(select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
            where i.indrelid = k.conrelid and i.indisprimary order by a.attnum) as key
    from pg_constraint k
    join pg_attribute c on c.attrelid = k.conrelid and c.attnum = k.conkey[1]
    join pg_attribute t on t.attrelid = k.confrelid and t.attnum = k.confkey[1]
    where k.contype = 'f' and k.connamespace in ('sworn'::regnamespace, 'custody'::regnamespace)
    order by 1, 2`.execute(tx);
  return rows;
}

/**
 * What the database promises itself, asked again: a superuser can switch such checks off while he edits. All in one
 * question; names come from the catalogue, not from anybody's input.
 */
export async function checkReferences(tx: Tx, report: Report): Promise<void> {
  const questions = (await readReferences(tx)).flatMap(({ child, column, parent, target, both, key }) => {
    const id = `concat_ws('/', ${key.map((name) => `c."${name}"`).join(", ")})`;
    const facts = `'${child}' as child, '${parent}' as parent, ${id} as id, c."${column}"::text as value`;
    const join = `p."${target}" = c."${column}"`;
    return [
      `(select false as moved, ${facts} from ${child} c
        where c."${column}" is not null and not exists (select from ${parent} p where ${join}) limit 1000)`,
      ...(both
        ? [
            `(select true, ${facts} from ${child} c join ${parent} p on ${join} where c.agency_id <> p.agency_id limit 1000)`,
          ]
        : []),
    ];
  });
  const { rows } = await sql<{ moved: boolean; child: string; parent: string; id: string; value: string }>`
    select * from (${sql.raw(questions.join(" union all "))}) found order by child, id, parent`.execute(tx);
  for (const { moved, child, parent, id, value } of rows) {
    if (moved)
      report("agency-mismatch", child, id, `${child} ${id} belongs to another agency than ${parent} ${value}.`);
    else
      report(
        "reference-broken",
        child,
        id,
        `${child} ${id} names ${parent} ${value}, which does not exist: it was deleted.`,
      );
  }
}

/** What belongs together without a foreign key, because one of the two may come first. */
const loose: readonly { child: string; id: string; parent: string; join: string; must: boolean }[] = [
  { child: "sworn.file", id: "c.id", parent: "sworn.evidence", join: "p.id = c.evidence_id", must: false },
  {
    child: "sworn.evidence_key",
    id: "c.evidence_id",
    parent: "sworn.evidence",
    join: "p.id = c.evidence_id",
    must: false,
  },
  { child: "sworn.recording", id: "c.id", parent: "sworn.evidence", join: "p.id = c.id", must: true },
  { child: "sworn.track", id: "c.evidence_id", parent: "sworn.evidence", join: "p.id = c.evidence_id", must: true },
  ...["evidence", "person", "device", "incident", "case"].map((kind) => ({
    child: "custody.entry",
    id: "c.subject_kind, c.subject_id, c.n",
    parent: kind === "case" ? "sworn.case_file" : `sworn.${kind}`,
    join: `p.id = c.subject_id and c.subject_kind = '${kind}'`,
    must: false,
  })),
];

/** As `checkReferences`, for what the database itself does not hold together. */
export async function checkLooseReferences(tx: Tx, report: Report): Promise<void> {
  for (const { child, id, parent, join, must } of loose) {
    const { rows } = await sql<{ id: string; found: boolean }>`
      select concat_ws('/', ${sql.raw(id)}) as id, p.agency_id is not null as found
      from ${sql.raw(`${child} c`)} left join ${sql.raw(`${parent} p`)} on ${sql.raw(join)}
      where p.agency_id <> c.agency_id or ${must ? sql`p.agency_id is null` : sql`false`} limit 1000`.execute(tx);
    for (const row of rows) {
      if (row.found)
        report("agency-mismatch", child, row.id, `${child} ${row.id} belongs to another agency than its ${parent}.`);
      else report("reference-broken", child, row.id, `${child} ${row.id} has no ${parent}: it was deleted.`);
    }
  }
  const { rows: moved } = await sql<{ id: string; takes: string; files: string }>`
    select t.id, t.recording_id as takes, f.evidence_id as files from sworn.take t join sworn.file f on f.id = t.file_id
    where f.evidence_id <> t.recording_id or f.take <> t.take or f.role <> 'original' limit 1000`.execute(tx);
  for (const { id, takes, files } of moved) {
    report(
      "row-altered",
      "sworn.take",
      id,
      `A part of recording ${takes} names a file of item ${files}, or of another part.`,
    );
  }
  const { rows: counted } = await sql<{ id: string; received: number; stored: number }>`
    select u.id, u.received, coalesce(sum(s.size), 0)::int8 as stored
    from sworn.upload u left join sworn.span s on s.file_id = u.file_id
    -- Of bytes that were here already the second copy went; that it was one, its event says (check-rows.ts).
    group by u.id having case when u.already_held then 0 else u.received end <> coalesce(sum(s.size), 0)
    limit 1000`.execute(tx);
  for (const { id, received, stored } of counted) {
    report(
      "row-altered",
      "sworn.upload",
      id,
      `Upload ${id} counts ${received} received bytes; its spans hold ${stored}.`,
    );
  }
}
