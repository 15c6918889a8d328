import { randomBytes, randomUUID } from "node:crypto";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { loginRoles } from "./login.ts";
import { createTestDatabase, type TestDatabase } from "./testing.ts";

const custodyTables = ["entry", "event_body", "leaf", "node", "checkpoint"] as const;
const nil = "00000000-0000-0000-0000-000000000000";

let db: TestDatabase;
let app: Client;
let owner: Client;
let agencyA: string;
let agencyB: string;

beforeAll(async () => {
  db = await createTestDatabase();
  [app, owner] = [await db.login("sworn_app"), await db.owner()];
  [agencyA, agencyB] = [await db.agency("Harbor Police"), await db.agency("Hill County Sheriff")];
  // One row in each table of the log, so that a refusal is one of a change and not of nothing.
  const hash = Buffer.alloc(32, 7);
  const id = randomUUID();
  await owner.query(
    `insert into custody.entry (id, agency_id, subject_kind, subject_id, n, commitment, kind, at) values ($1, $2, 'log', $2, 0, $3, 'log.started', now())`,
    [id, agencyA, hash],
  );
  await owner.query("insert into custody.event_body values ($1, $2, '{}', $3)", [id, agencyA, hash]);
  await owner.query("insert into custody.pending (commitment) values ($1)", [hash]);
  await owner.query("insert into custody.leaf values (0, $1, $1)", [hash]);
  await owner.query("insert into custody.node values (0, 0, $1)", [hash]);
  await owner.query("insert into custody.checkpoint values (1, 0, $1, 'note', now())", [hash]);
});
afterAll(async () => db.close());

/** SQLSTATE of the refusal; `done` when the statement went through. Leaves nothing behind. */
async function attempt(client: Client, statement: string, values: unknown[] = [], agency = agencyA): Promise<string> {
  await client.query("begin");
  try {
    await client.query("select set_config('sworn.agency', $1, true)", [agency]);
    await client.query(statement, values);
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    await client.query("rollback");
  }
}

const DENIED = "42501";
const RESTRICTED = "23001";

describe("the application's login and the log", () => {
  test.each(
    custodyTables.flatMap((table) => [
      [
        `update custody.${table} set ${table === "event_body" ? "event = ''" : table === "checkpoint" ? "note = ''" : table === "node" ? "level = 1" : "commitment = commitment"}`,
      ],
      [`delete from custody.${table}`],
      [`truncate custody.${table} cascade`],
      [`alter table custody.${table} disable trigger all`],
      [`alter table custody.${table} disable row level security`],
      [`drop trigger append_only on custody.${table}`],
      [`drop table custody.${table} cascade`],
    ]),
  )("%s is denied", async (statement) => {
    expect(await attempt(app, statement)).toBe(DENIED);
  });

  test.each([
    "delete from custody.pending",
    "update custody.pending set commitment = commitment",
    "truncate custody.pending",
    "insert into custody.leaf values (1, sha256('x'), sha256('x'))",
    "insert into custody.node values (1, 0, sha256('x'))",
    "insert into custody.checkpoint values (2, 1, sha256('x'), '', now())",
    "drop policy own_agency on custody.entry",
    "drop policy own_agency on sworn.evidence",
    "alter table sworn.evidence disable row level security",
    "create policy mine on sworn.evidence using (true)",
    "create or replace function custody.refuse_change() returns trigger language plpgsql as 'begin return new; end'",
    "create or replace function sworn.current_agency() returns uuid language sql as 'select null::uuid'",
    "alter function custody.refuse_change() owner to sworn_app",
    "create table custody.mine (n int)",
    "create table sworn.mine (n int)",
    "create table public.mine (n int)",
    "set session_replication_role = replica",
    "alter role sworn_app superuser",
    "alter role sworn_app bypassrls",
    "create role sworn_friend superuser",
    "set role sworn_owner",
    "set role sworn_checker",
    "set session authorization sworn_owner",
    "grant sworn_owner to sworn_app",
    "update sworn.api_key set role = 'admin'",
    "update sworn.api_key set token_hash = '\\x00'",
    "update sworn.person set account_id = null",
    "update sworn.device set person_id = null",
    "update sworn.agency set name = 'another'",
    "update sworn.track set west = 0",
    "update sworn.take_fix set fix = '{}'",
    "update sworn.span set sha256 = sha256('x')",
    "delete from sworn.span",
    "delete from sworn.evidence",
    "delete from sworn.evidence_key",
    "update sworn.evidence_key set wrapped = ''",
    "update sworn.deployment set log_origin = 'another'",
    "insert into sworn.deployment (log_origin, log_vkey) values ('a', 'b')",
    "copy custody.entry to program 'true'",
    "select pg_read_file('/etc/passwd')",
    "select * from public.sworn_migrations",
  ])("%s is denied", async (statement) => {
    expect(await attempt(app, statement)).toMatch(/^(?:42501|0LP01)$/);
  });

  test.each([
    ["roles = '{admin}'", "person.role-changed"],
    ["disabled_at = now()", "person.disabled"],
  ])("a person's %s is changed only together with its entry in the log", async (set, kind) => {
    const person = randomUUID();
    await owner.query(
      "insert into sworn.person (id, agency_id, name, email, roles) values ($1, $2, 'R. Lund', $3, '{officer}')",
      [person, agencyA, `${person}@a.example`],
    );
    const change = async (logged: string | null): Promise<string> => {
      await app.query("begin");
      await app.query("select set_config('sworn.agency', $1, true)", [agencyA]);
      if (logged !== null)
        await app.query(
          `insert into custody.entry (id, agency_id, subject_kind, subject_id, n, commitment, kind, at)
           values ($1, $2, 'person', $3, 0, $4, $5, now())`,
          [randomUUID(), agencyA, person, randomBytes(32), logged],
        );
      await app.query(`update sworn.person set ${set} where id = $1`, [person]);
      return await app.query("commit").then(
        () => "done",
        (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
      );
    };
    expect(await change(null)).toBe(DENIED);
    expect(await change("person.created")).toBe(DENIED);
    expect(await change(kind)).toBe("done");
  });

  test("a revoked key stays revoked, and no row of another length can stop the sequencer", async () => {
    const key = randomUUID();
    await owner.query(
      `insert into sworn.api_key (id, agency_id, name, role, token_hash, prefix) values ($1, $2, 'lost', 'device', $3, 'x')`,
      [key, agencyA, Buffer.from(key)],
    );
    const revokedAt = async (): Promise<unknown> =>
      (await owner.query("select revoked_at from sworn.api_key where id = $1", [key])).rows[0];
    const set = async (to: string): Promise<void> => {
      await app.query("begin");
      await app.query("select set_config('sworn.agency', $1, true)", [agencyA]);
      await app.query(`update sworn.api_key set revoked_at = ${to} where id = $1`, [key]);
      await app.query("commit");
    };
    await set("now()");
    const revoked = await revokedAt();
    expect(revoked).not.toEqual({ revoked_at: null });
    await set("null");
    expect(await revokedAt()).toEqual(revoked);
    expect(await attempt(app, "insert into custody.pending (commitment) values ('\\x01')")).toBe("23514");
  });

  test("it may add to the log and read it", async () => {
    expect(await attempt(app, "insert into custody.pending (commitment) values (sha256('new'))")).toBe("done");
    expect(await attempt(app, "select * from custody.leaf")).toBe("done");
  });
});

test.each(custodyTables)("custody.%s: even the superuser who calls itself a replica is refused", async (table) => {
  const client = await db.owner();
  for (const statement of [`delete from custody.${table}`, `truncate custody.${table} cascade`]) {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    // The control: an ordinary trigger would be skipped now.
    await expect(client.query(statement)).rejects.toMatchObject({ code: RESTRICTED });
    await client.query("rollback");
  }
});

test("the sequencer touches the log's tree and nothing else; the checker changes nothing", async () => {
  const sequencer = await db.login("sworn_sequencer");
  expect(await attempt(sequencer, "select * from sworn.evidence")).toBe(DENIED);
  expect(await attempt(sequencer, "select * from custody.event_body")).toBe(DENIED);
  expect(await attempt(sequencer, "insert into custody.entry select * from custody.entry")).toBe(DENIED);
  expect(await attempt(sequencer, "update custody.checkpoint set note = ''")).toBe(DENIED);
  expect(await attempt(sequencer, "delete from custody.leaf")).toBe(DENIED);
  expect(await attempt(sequencer, "delete from custody.pending")).toBe("done");
  const checker = await db.login("sworn_checker");
  const { rows } = await owner.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('sworn', 'custody') and c.relkind = 'r'`,
  );
  for (const { name } of rows) {
    expect(await attempt(checker, `select * from ${name}`), name).toBe("done");
    for (const change of [`delete from ${name}`, `truncate ${name} cascade`, `insert into ${name} default values`]) {
      expect(await attempt(checker, change), change).toBe(DENIED);
    }
  }
});

test("no login has a way into another's schema or role", async () => {
  const auth = await db.login("sworn_auth");
  for (const name of ["sworn.person", "sworn.evidence", "custody.entry"]) {
    expect(await attempt(auth, `select * from ${name}`), name).toBe(DENIED);
  }
  expect(await attempt(app, "create table auth.mine (n int)")).toBe(DENIED);
  for (const role of loginRoles) {
    const client = await db.login(role);
    for (const other of [...loginRoles, "sworn_owner"].filter((name) => name !== role)) {
      expect(await attempt(client, `set role ${other}`), `${role} as ${other}`).toBe(DENIED);
    }
  }
});

describe("row-level security", () => {
  /** Tables that know no agency, on purpose. A new table is either here, reviewed, or has an agency_id. */
  const withoutAgency = new Set([
    "sworn.deployment",
    "sworn.set_up_link",
    "sworn.sign_in_try", // by a hash of the address that was typed: it may belong to nobody
    "sworn.used_code", // by hashes: accounts belong to no agency
    "custody.pending",
    "custody.leaf",
    "custody.node",
    "custody.checkpoint",
  ]);
  const readTables = async () => {
    const { rows } = await owner.query<{ name: string; column: string | null; rls: boolean; policies: string[] }>(
      `select n.nspname || '.' || c.relname as name, c.relrowsecurity as rls,
         (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attname = 'agency_id') as column,
         array(select p.policyname::text from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname and p.permissive = 'PERMISSIVE' order by 1) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('sworn', 'custody') and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
    );
    return rows;
  };

  test("every table of the schemas is under it, or is one of those that know no agency", async () => {
    const tables = await readTables();
    expect(tables.length).toBeGreaterThan(15);
    for (const { name, column, rls, policies } of tables) {
      if (withoutAgency.has(name)) {
        expect(column, `${name} has an agency_id`).toBeNull();
        continue;
      }
      expect(column ?? name, `${name} has no agency_id and is not on the list`).toMatch(/^agency_id$|^sworn\.agency$/);
      expect(rls, `${name} is not under row-level security`).toBe(true);
      // Restrictive ones can only take away.
      expect(policies, name).toEqual(["checker_reads_all", "own_agency"]);
    }
  });

  test("without an agency, and with one that does not exist, each table shows nothing", async () => {
    const rows = await fillEveryTable();
    for (const { name } of (await readTables()).filter((table) => !withoutAgency.has(table.name))) {
      const seen = async (agency: string): Promise<number> => {
        await app.query("begin");
        if (agency !== "") await app.query("select set_config('sworn.agency', $1, true)", [agency]);
        const { rowCount } = await app.query(`select * from ${name}`);
        await app.query("rollback");
        return rowCount ?? -1;
      };
      expect(await seen(""), `${name} without an agency`).toBe(0);
      expect(await seen(nil), `${name} for nobody`).toBe(0);
      expect(await seen(agencyB), `${name} for the other`).toBe(name === "sworn.agency" ? 1 : 0);
      // The control: there is something to see.
      expect(await seen(agencyA), `${name} for its own`).toBeGreaterThan(0);
    }
    expect(rows).toBeGreaterThan(12);
  });

  test("an agency cannot write rows of another", async () => {
    await fillEveryTable();
    for (const { name } of (await readTables()).filter((table) => table.column !== null)) {
      const { rows } = await owner.query<{ row: object }>(`select to_jsonb(t) as row from ${name} t limit 1`);
      // A copy of A's row, inserted by B: the policy refuses before any key can.
      const copied = await attempt(
        app,
        `insert into ${name} overriding system value select (jsonb_populate_record(null::${name}, $1)).*`,
        [JSON.stringify(rows[0]?.row)],
        agencyB,
      );
      expect(copied, `${name}: a row of another agency was taken`).toBe(DENIED);
      const { rows: taken } = await owner.query<{ may: boolean }>(
        "select has_table_privilege('sworn_app', $1, 'update') as may",
        [name],
      );
      if (taken[0]?.may !== true) continue;
      await app.query("begin");
      await app.query("select set_config('sworn.agency', $1, true)", [agencyB]);
      const { rowCount } = await app.query(`update ${name} set agency_id = $1`, [agencyB]);
      await app.query("rollback");
      expect(rowCount, `${name}: a row of another agency was changed`).toBe(0);
    }
  });

  /** One row of agency A in each table, made up from the column types, so that a new table is covered unasked. */
  async function fillEveryTable(): Promise<number> {
    await owner.query("set session_replication_role = replica");
    let filled = 0;
    for (const { name } of (await readTables()).filter((table) => table.column !== null)) {
      const { rowCount } = await owner.query(`select from ${name} limit 1`);
      if (rowCount === 0) await owner.query(await anyRow(name));
      filled += 1;
    }
    await owner.query("set session_replication_role = origin");
    return filled;
  }

  async function anyRow(name: string): Promise<string> {
    const { rows } = await owner.query<{ column: string; type: string }>(
      `select a.attname as column, format_type(a.atttypid, null) as type from pg_attribute a
       where a.attrelid = $1::regclass and a.attnum > 0 and a.attnotnull and not a.atthasdef and a.attidentity = ''`,
      [name],
    );
    const { rows: checks } = await owner.query<{ definition: string }>(
      "select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and contype = 'c'",
      [name],
    );
    const value = ({ column, type }: { column: string; type: string }): string => {
      if (column === "agency_id") return `'${agencyA}'`;
      const allowed = checks
        .map(({ definition }) => new RegExp(`\\(${column} = ANY \\(ARRAY\\['([^']+)'`).exec(definition)?.[1])
        .find(Boolean);
      if (allowed !== undefined) return `'${allowed}'`;
      if (type === "uuid") return `'${randomUUID()}'`;
      if (type === "bytea") return "sha256('x')";
      if (type === "text[]") {
        const within = checks.map(
          ({ definition }) => new RegExp(`\\(${column} <@ ARRAY\\['([^']+)'`).exec(definition)?.[1],
        );
        return `'{${within.find(Boolean) ?? "x"}}'`;
      }
      if (type === "jsonb") return "'{}'";
      if (type === "boolean") return "true";
      if (type.startsWith("timestamp") || type === "date") return "now()";
      return type === "text" ? "'xxx'" : "1";
    };
    const uuid = `'${randomUUID()}'`;
    // What a row needs beyond its columns that are never null.
    const more: Record<string, [string, string][]> = {
      "sworn.fragment": [["file_offset", "0"]],
      "sworn.letter": [["person_id", uuid]],
      "sworn.statement_lock": [["incident_id", uuid]],
      "sworn.sign_in_notice": [["until", "now()"]],
    };
    const optional = name.startsWith("sworn.matter_") ? [["incident_id", uuid]] : (more[name] ?? []);
    // What ends has to begin before.
    const later = new Set(name === "sworn.delegation" ? ["until_at"] : []);
    const columns = [
      ...rows.map((row) => [row.column, value(row) + (later.has(row.column) ? " + interval '1 hour'" : "")]),
      ...optional,
    ];
    return `insert into ${name} (${columns.map(([column]) => `"${column}"`).join(", ")}) values (${columns.map(([, text]) => text).join(", ")})`;
  }
});
