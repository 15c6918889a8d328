import { type ChangePassword, Problem, type Session } from "@sworn/contract";
import type { Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { TokenBuckets } from "../../ports/token-buckets.ts";
import { actorOf, append, type AppendDeps, type NewEvent } from "../custody/index.ts";
import { refuseWeakPassword } from "../identity/index.ts";

export interface SessionDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  /** Wrong passwords of somebody who is signed in already, by account. */
  readonly tries: TokenBuckets;
}

/** A key has no session, no password and nothing to unlock. */
export function sessionOf({ session }: Principal): { id: string; accountId: string } {
  if (session === undefined) throw new Problem("not-found");
  return session;
}

export async function listSessions(deps: SessionDeps, principal: Principal): Promise<Session[]> {
  const own = sessionOf(principal);
  return (await deps.accounts.sessions(own.accountId)).map((session) => ({
    id: session.id,
    startedAt: session.startedAt.toISOString(),
    seenAt: session.seenAt.toISOString(),
    ip: session.ip,
    browser: session.userAgent.slice(0, 500),
    locked: session.lockedAt !== null,
    current: session.id === own.id,
  }));
}

/** Ends one session of one's own, or all but the one that asks. `not-found` where there is none. */
export async function endSessions(deps: SessionDeps, principal: Principal, only?: string): Promise<void> {
  const own = sessionOf(principal);
  const ended = await deps.accounts.endSessions(own.accountId, only === undefined ? { except: own.id } : { only });
  if (ended === 0 && only !== undefined) throw new Problem("not-found");
  if (ended > 0) await noteOfSelf(deps, principal, { kind: "person.sessions-ended", details: { sessions: ended } });
}

export async function unlock(deps: SessionDeps, principal: Principal, password: string): Promise<void> {
  const own = sessionOf(principal);
  await assertPassword(deps, own.accountId, password);
  await deps.accounts.noteSession(own.id, { lockedAt: null, seenAt: new Date(deps.clock.now()) });
}

/**
 * A new password, chosen by its owner; all their other sessions end. The event comes first: one that says more than
 * happened is better than a new password that nobody can see. `password-wrong`, `password-weak`.
 */
export async function changeOwnPassword(
  deps: SessionDeps,
  principal: Principal,
  { current, next }: ChangePassword,
): Promise<void> {
  const own = sessionOf(principal);
  await assertPassword(deps, own.accountId, current);
  const person = await deps.database.forAgency(principal.agencyId, (tx) =>
    tx
      .selectFrom("sworn.person")
      .select(["name", "email"])
      .where("id", "=", principal.actorId)
      .executeTakeFirstOrThrow(),
  );
  refuseWeakPassword(next, person);
  if (next === current) throw new Problem("password-weak", "This is the password you have. Choose another one.");
  await noteOfSelf(deps, principal, { kind: "person.password-changed" });
  await deps.accounts.setPassword(own.accountId, next);
  await deps.accounts.endSessions(own.accountId, { except: own.id });
}

/** Counted before it is looked at: a hundred at once must not all be judged. */
export async function assertPassword(deps: SessionDeps, accountId: string, password: string): Promise<void> {
  deps.tries.take(accountId, "There were too many wrong passwords. Nothing was lost; wait a little and try again.");
  if (!(await deps.accounts.checkPassword(accountId, password))) throw new Problem("password-wrong");
  deps.tries.give(accountId);
}

/** An event of one's own account, by oneself. */
export async function noteOfSelf(
  deps: Pick<SessionDeps, "database" | "custody">,
  principal: Principal,
  event: Pick<NewEvent, "kind" | "details">,
): Promise<void> {
  const { agencyId, actorId } = principal;
  const subject = { kind: "person", id: actorId } as const;
  await deps.database.forAgency(agencyId, (tx) =>
    append(tx, deps.custody, agencyId, { subject, ...actorOf(principal), ...event }),
  );
}
