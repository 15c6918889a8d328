import { Client, type ClientConfig, escapeIdentifier, escapeLiteral } from "pg";

import type { Log } from "../../ports/log.ts";
import { type LoginRole, loginRoles, type LoginSecret, scramVerifier } from "./login.ts";
import { migrate, migrationsFolder } from "./migrate.ts";
import { PostgresError, sqlState } from "./postgres-error.ts";

/** "sworn" in ASCII: set-ups of one database wait for each other. */
const SET_UP_LOCK = 0x73776f726e;

export interface SetUpOptions {
  /** Embedded: the owner's socket. Else `{ connectionString: DATABASE_URL }`. */
  readonly ownerConfig: ClientConfig;
  readonly loginSecret: LoginSecret;
  readonly log: Log;
  /** What other adapters must do as owner (the queue's own tables), in order, after the migrations. */
  readonly extra?: readonly ((owner: Client) => Promise<void>)[];
  readonly migrations?: string;
}

/**
 * Makes the database what this version needs: login roles, migrations, other adapters' tables. Runs at
 * every start, changes nothing when nothing is missing, and is safe to run from two processes at once.
 *
 * @throws PostgresError; whatever `extra` throws
 */
export async function setUpDatabase(options: SetUpOptions): Promise<void> {
  const { ownerConfig, loginSecret, log, extra = [] } = options;
  const owner = new Client({ ...ownerConfig, application_name: "sworn set-up", statement_timeout: 0 });
  // Without a listener a connection that breaks between queries would end the process.
  owner.on("error", (error) => log.warn({ error: error.message }, "the set-up connection broke"));
  await owner.connect();
  try {
    await owner.query("select pg_advisory_lock($1)", [SET_UP_LOCK]);
    await createLogins(owner, loginSecret);
    const ran = await migrate(owner, options.migrations ?? migrationsFolder);
    if (ran.length > 0) log.info({ migrations: ran }, "the database was migrated");
    for (const step of extra) await step(owner);
  } finally {
    // Ends the session and with it the lock, whatever happened.
    await owner.end().catch(() => undefined);
  }
}

async function createLogins(owner: Client, secret: LoginSecret): Promise<void> {
  for (const role of loginRoles) await createLogin(owner, role, secret(role));
  await assertModest(owner);
  const { rows: names } = await owner.query<{ name: string }>("select current_database() as name");
  const database = escapeIdentifier(names[0]?.name ?? "");
  await owner.query(`revoke all on database ${database} from public`);
  await owner.query(`grant connect on database ${database} to ${loginRoles.join(", ")}`);
  await owner.query("revoke all on schema public from public");
}

/** A login that may do more would make row-level security and the append-only log worth nothing. */
export async function assertModest(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ rolname: string }>(
    `select r.rolname from pg_roles r where r.rolname = any($1)
       and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
            or exists (select from pg_auth_members m where m.member = r.oid))`,
    [loginRoles],
  );
  if (rows.length > 0) {
    const names = rows.map(({ rolname }) => rolname).join(", ");
    throw new PostgresError(
      "role-too-powerful",
      `The database role ${names} may do more than it must (superuser, bypassing row-level security, or member of another role). Take that away, then start again.`,
    );
  }
}

async function createLogin(owner: Client, role: LoginRole, password: string): Promise<void> {
  const name = escapeIdentifier(role);
  try {
    const { rowCount } = await owner.query("select from pg_roles where rolname = $1", [role]);
    if (rowCount === 0) await owner.query(`create role ${name} login`);
    await owner.query(`alter role ${name} login password ${escapeLiteral(scramVerifier(password))}`);
    // Ours names every schema; better-auth's own queries name none.
    await owner.query(`alter role ${name} set search_path = ${role === "sworn_auth" ? "auth" : "pg_catalog"}`);
  } catch (error) {
    // 42710: another database of the same server made it just now.
    if (sqlState(error) === "42710") return await createLogin(owner, role, password);
    if (sqlState(error) !== "42501") throw error;
    throw new PostgresError(
      "owner-refused",
      `The user of DATABASE_URL may not create the role ${role}. Give it CREATEROLE, then start again.`,
      error,
    );
  }
}
