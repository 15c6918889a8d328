import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Reads the catalogue; any login can. */
export type AskCatalogue = (text: string) => Promise<{ rows: { line: string }[] }>;

export const schemaSnapshot = fileURLToPath(new URL("../../../../../db/snapshots/schema.txt", import.meta.url));

/** Ours alone: better-auth's tables and the queue's are described by their own packages. */
const OURS = "('sworn', 'custody')";

/** One line per fact, so that a difference reads as what changed. Owners are named `owner`, whoever they are. */
const questions: readonly (readonly [title: string, sql: string])[] = [
  [
    "roles: login, and anything that would widen them",
    `select concat_ws(' ', r.rolname,
        case when r.rolcanlogin then 'login' end, case when r.rolsuper then 'SUPERUSER' end,
        case when r.rolbypassrls then 'BYPASSRLS' end, case when r.rolcreaterole then 'CREATEROLE' end,
        case when r.rolcreatedb then 'CREATEDB' end, case when r.rolreplication then 'REPLICATION' end,
        (select 'MEMBER OF ' || string_agg(m.roleid::regrole::text, ', ' order by 1) from pg_auth_members m where m.member = r.oid)
      ) as line
     from pg_roles r where r.rolname ~ '^sworn_(app|sequencer|checker|auth)$'`,
  ],
  [
    "schemas and who may use or create in them",
    `select concat_ws(' ', n.nspname, a.privilege_type, coalesce(nullif(a.grantee, 0)::regrole::text, 'public')) as line
     from pg_namespace n, aclexplode(n.nspacl) a
     where n.nspname in ('sworn', 'custody', 'auth', 'public') and a.grantee <> n.nspowner
       -- The database owner's pseudo role, which PostgreSQL itself puts on the schema public.
       and a.grantee::regrole::text <> 'pg_database_owner'`,
  ],
  [
    "tables: row-level security",
    `select concat_ws(' ', n.nspname || '.' || c.relname, c.relkind::text,
        case when c.relrowsecurity then 'rls' else 'NO RLS' end, case when c.relforcerowsecurity then 'forced' end) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,
  ],
  [
    "columns",
    `select concat_ws(' ', n.nspname || '.' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then 'not null' end, case a.attidentity when 'a' then 'identity always' when 'd' then 'identity' end,
        'default ' || pg_get_expr(d.adbin, d.adrelid)) as line
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where n.nspname in ${OURS} and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped`,
  ],
  [
    "constraints",
    // PostgreSQL 18 lists NOT NULL here as well; columns show it already.
    `select concat_ws(' ', n.nspname || '.' || c.relname, k.conname, pg_get_constraintdef(k.oid),
        case when not k.convalidated then 'NOT VALID' end) as line
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${OURS} and k.contype <> 'n'`,
  ],
  [
    "indexes",
    `select pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' INVALID' end as line
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${OURS}`,
  ],
  [
    "policies",
    `select concat_ws(' ', schemaname || '.' || tablename, policyname, permissive, cmd, 'to', array_to_string(roles, ','),
        'using ' || qual, 'check ' || with_check) as line
     from pg_policies where schemaname in ${OURS}`,
  ],
  [
    "triggers (A: always, even for a superuser that calls itself a replica)",
    `select concat_ws(' ', n.nspname || '.' || c.relname, t.tgenabled::text, pg_get_triggerdef(t.oid)) as line
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${OURS} and not t.tgisinternal`,
  ],
  [
    "functions",
    `select concat_ws(' ', p.oid::regprocedure::text, case when p.prosecdef then 'security definer' end, p.provolatile::text,
        array_to_string(p.proconfig, ','), left(encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'), 16)) as line
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ${OURS}`,
  ],
  [
    "grants on tables",
    `select concat_ws(' ', n.nspname || '.' || c.relname, coalesce(nullif(a.grantee, 0)::regrole::text, 'public'),
        string_agg(a.privilege_type || case when a.is_grantable then ' WITH GRANT' else '' end, ', ' order by a.privilege_type)) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
     where n.nspname in ${OURS} and a.grantee <> c.relowner
     group by n.nspname, c.relname, a.grantee`,
  ],
  [
    "grants on columns",
    `select concat_ws(' ', n.nspname || '.' || c.relname || '.' || t.attname, coalesce(nullif(a.grantee, 0)::regrole::text, 'public'),
        a.privilege_type) as line
     from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace, aclexplode(t.attacl) a
     where n.nspname in ${OURS}`,
  ],
  [
    "grants on functions",
    `select concat_ws(' ', p.oid::regprocedure::text, coalesce(nullif(a.grantee, 0)::regrole::text, 'public'), a.privilege_type) as line
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
       aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     where n.nspname in ${OURS} and a.grantee <> p.proowner`,
  ],
  [
    "owned by somebody else than the schema's owner",
    `select concat_ws(' ', n.nspname || '.' || c.relname, c.relowner::regrole::text) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${OURS} and c.relowner <> n.nspowner
     union all
     select concat_ws(' ', 'schema', n.nspname, n.nspowner::regrole::text)
     from pg_namespace n join pg_namespace s on s.nspname = 'sworn'
     where n.nspname in ${OURS} and n.nspowner <> s.nspowner`,
  ],
];

/** The database as it is, as reviewable text: tables, columns, constraints, policies, triggers, grants, roles. */
export async function describeSchema(ask: AskCatalogue): Promise<string> {
  const parts: string[] = [];
  for (const [title, sql] of questions) {
    const { rows } = await ask(sql);
    parts.push([`# ${title}`, ...rows.map(({ line }) => line.replaceAll(/\s+/g, " ")).toSorted()].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** What differs from the reviewed snapshot: `missing …` and `unexpected …` lines, none when all is as it must be. */
export async function schemaDrift(ask: AskCatalogue): Promise<string[]> {
  const expected = (await readFile(schemaSnapshot, "utf8")).split("\n");
  const found = (await describeSchema(ask)).split("\n");
  const differ = (from: readonly string[], other: readonly string[], word: string): string[] => {
    const known = new Set(other);
    return from.filter((line) => line !== "" && !known.has(line)).map((line) => `${word}: ${line}`);
  };
  return [...differ(expected, found, "missing"), ...differ(found, expected, "unexpected")];
}
