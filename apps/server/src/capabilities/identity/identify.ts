import { Role } from "@sworn/contract";
import { sql } from "kysely";
import type { Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { readScope } from "../access/index.ts";
import { hashToken } from "./tokens.ts";

export interface IdentifyDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

/**
 * The principal behind a request's bearer key or session cookie; null when there is none that holds. A bearer header
 * that does not hold never falls back to the cookie: the sender meant the key.
 */
export async function identify(
  deps: IdentifyDeps,
  request: { headers: Headers },
): Promise<{ principal: Principal; viaCookie: boolean } | null> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(authorization)?.[1];
    const principal = token === undefined ? null : await fromKey(deps, token);
    return principal === null ? null : { principal, viaCookie: false };
  }
  if (!request.headers.has("cookie")) return null;
  const session = await deps.accounts.signedIn(request.headers);
  const principal = session === null ? null : await fromAccount(deps, session.accountId);
  return principal === null ? null : { principal, viaCookie: true };
}

interface KeyRow {
  id: string;
  agency_id: string;
  name: string;
  role: string;
  device_id: string | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

async function fromKey(deps: IdentifyDeps, token: string): Promise<Principal | null> {
  const hash = hashToken(token);
  const key = await deps.database.withoutAgency(async (tx) => {
    const found = await sql<KeyRow>`select * from sworn.find_api_key(${hash})`.execute(tx);
    return found.rows[0];
  });
  if (key === undefined || key.revoked_at !== null) return null;
  if (key.expires_at !== null && key.expires_at.getTime() <= deps.clock.now()) return null;
  const role = Role.safeParse(key.role);
  if (!role.success) return null; // a role of another version grants nothing here
  return {
    kind: "key",
    actorId: key.id,
    agencyId: key.agency_id,
    roles: [role.data],
    personId: null,
    deviceId: key.device_id,
    scope: { units: "all", classes: [] },
  };
}

async function fromAccount(deps: IdentifyDeps, accountId: string): Promise<Principal | null> {
  const first = await deps.database.withoutAgency(async (tx) => {
    const found = await sql<{ id: string; agency_id: string }>`select * from sworn.find_persons(${accountId})`.execute(
      tx,
    );
    return found.rows[0];
  });
  if (first === undefined) return null;
  const { person, scope } = await deps.database.forAgency(first.agency_id, async (tx) => ({
    person: await tx.selectFrom("sworn.person").select(["id", "roles"]).where("id", "=", first.id).executeTakeFirst(),
    scope: await readScope(tx, first.id),
  }));
  if (person === undefined) return null;
  return {
    kind: "person",
    actorId: person.id,
    agencyId: first.agency_id,
    roles: person.roles.flatMap((role) => Role.safeParse(role).data ?? []),
    personId: person.id,
    deviceId: null,
    scope,
  };
}
