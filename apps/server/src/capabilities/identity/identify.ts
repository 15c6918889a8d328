import { keyPermissions, KeyScope, permits, Role } from "@sworn/contract";
import { sql } from "kysely";
import type { Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal, Scope } from "../../ports/http.ts";
import { judgeKey, type KeyNow, keyScope, readScope } from "../access/index.ts";
import { actFor, actingIn } from "./acting.ts";
import { type EntryRules, type EntryWait, judgeEntry } from "./judge-entry.ts";
import { IDLE_MINUTES, judgeIdle } from "./judge-idle.ts";
import { hashToken } from "./tokens.ts";

export interface IdentifyDeps {
  readonly database: Database;
  readonly accounts: Pick<Accounts, "signedIn" | "noteSession">;
  readonly clock: Clock;
}

/**
 * The principal behind a request's bearer key or session cookie; null when there is none that holds. A bearer header
 * that does not hold never falls back to the cookie: the sender meant the key.
 */
export async function identify(
  deps: IdentifyDeps,
  request: { headers: Headers; method?: string },
): Promise<{ principal: Principal; viaCookie: boolean; locked?: boolean; waits?: EntryWait | null } | null> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(authorization)?.[1];
    const principal = token === undefined ? null : await fromKey(deps, token);
    return principal === null ? null : { principal, viaCookie: false };
  }
  if (!request.headers.has("cookie")) return null;
  const account = await deps.accounts.signedIn(request.headers);
  if (account === null) return null;
  const acting = actingIn(request.headers.get("cookie") ?? "");
  const found = await fromAccount(deps, account.accountId, { id: account.session.id, acting });
  if (found === null) return null;
  const locked = await judgeIdle(deps, account.session, found.idleMinutes, request);
  const { roles } = found;
  const waits = judgeEntry(account.session, { roles, totp: account.totp }, found.rules);
  return { principal: found.principal, viaCookie: true, locked, waits };
}

interface KeyRow extends KeyNow {
  readonly id: string;
  readonly agency_id: string;
  readonly name: string;
  readonly device_id: string | null;
  readonly scopes: string[] | null;
  readonly last_used_at: Date | null;
}

/** A key's last use is kept to this: a row written with each request would cost more than the request. */
const USED_EVERY_MS = 5 * 60 * 1000;

async function fromKey(deps: IdentifyDeps, token: string): Promise<Principal | null> {
  const hash = hashToken(token);
  const key = await deps.database.withoutAgency(async (tx) => {
    const found = await sql<KeyRow>`select * from sworn.find_api_key(${hash})`.execute(tx);
    return found.rows[0];
  });
  const judged = key === undefined ? null : judgeKey(key, deps.clock.now());
  if (key === undefined || judged === null) return null;
  const { role, maker } = judged;
  const scopes = key.scopes?.flatMap((each) => KeyScope.safeParse(each).data ?? []) ?? null;
  const permissions = keyPermissions(role, scopes);
  const now = deps.clock.now();
  const due = key.last_used_at === null || now - key.last_used_at.getTime() >= USED_EVERY_MS;
  // A camera asks many times a second: no second transaction for it but now and then.
  const scope: Scope =
    maker === null && !due
      ? { units: "all", classes: [] }
      : await deps.database.forAgency(key.agency_id, async (tx) => {
          if (due) await noteUse(tx, key.id, now);
          return await keyScope(tx, maker?.id ?? null);
        });
  return {
    kind: "key",
    actorId: key.id,
    agencyId: key.agency_id,
    roles: [role],
    permissions: maker === null ? permissions : permissions.filter((permission) => permits(maker.roles, permission)),
    personId: null,
    deviceId: key.device_id,
    ...(maker === null ? {} : { makerId: maker.id }),
    scope,
  };
}

async function noteUse(tx: Tx, id: string, now: number): Promise<void> {
  const used = { last_used_at: new Date(now) };
  await tx.updateTable("sworn.api_key").set(used).where("id", "=", id).where("revoked_at", "is", null).execute();
}

async function fromAccount(
  deps: IdentifyDeps,
  accountId: string,
  { id: sessionId, acting }: { readonly id: string; readonly acting: string | null },
): Promise<{ principal: Principal; roles: readonly Role[]; idleMinutes: number; rules: EntryRules } | null> {
  const first = await deps.database.withoutAgency(async (tx) => {
    const found = await sql<{ id: string; agency_id: string }>`select * from sworn.find_persons(${accountId})`.execute(
      tx,
    );
    return found.rows[0];
  });
  if (first === undefined) return null;
  const { person, scope } = await deps.database.forAgency(first.agency_id, async (tx) => ({
    person: await tx
      .selectFrom("sworn.person as p")
      .leftJoin("sworn.sign_in_policy as s", "s.agency_id", "p.agency_id")
      .select(["p.id", "p.roles", "s.idle_minutes", "s.second_factor", "s.notice", "s.notice_version"])
      .where("p.id", "=", first.id)
      .executeTakeFirst(),
    scope: await readScope(tx, first.id, deps.clock.now()),
  }));
  if (person === undefined) return null;
  const principal: Principal = {
    kind: "person",
    actorId: person.id,
    agencyId: first.agency_id,
    roles: person.roles.flatMap((role) => Role.safeParse(role).data ?? []),
    personId: person.id,
    deviceId: null,
    session: { id: sessionId, accountId },
    scope,
  };
  const noticeVersion = (person.notice ?? "") === "" ? 0 : (person.notice_version ?? 0);
  const rules = { secondFactor: person.second_factor ?? [], noticeVersion };
  const idleMinutes = person.idle_minutes ?? IDLE_MINUTES;
  if (acting === null) return { principal, roles: principal.roles, idleMinutes, rules };
  const as = await deps.database.forAgency(first.agency_id, (tx) => actFor(tx, principal, acting, deps.clock.now()));
  // What a sign-in must have it must have for either: their own roles and those that are lent.
  return { principal: as, roles: [...principal.roles, ...as.roles], idleMinutes, rules };
}
