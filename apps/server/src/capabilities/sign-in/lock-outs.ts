import { randomUUID } from "node:crypto";
import { Problem, type SignInNotice, type SignInState } from "@sworn/contract";
import { sql } from "kysely";
import type { Accounts } from "../../ports/accounts.ts";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Notify } from "../../ports/notify.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { accountOf, forgetTries, lockedUntil, type TryDeps } from "./count-tries.ts";
import { TRIES } from "./rules.ts";

export interface LockOutDeps extends TryDeps {
  readonly accounts: Pick<Accounts, "find" | "factorsOf">;
  readonly custody: AppendDeps;
}

/** The person an account stands for, as `identify` finds them; null for who is disabled or nobody. */
export async function personOf(
  deps: Pick<TryDeps, "database">,
  accountId: string,
): Promise<{ id: string; agencyId: string } | null> {
  const row = await deps.database.withoutAgency(
    async (tx) =>
      (await sql<{ id: string; agency_id: string }>`select * from sworn.find_persons(${accountId})`.execute(tx))
        .rows[0],
  );
  return row === undefined ? null : { id: row.id, agencyId: row.agency_id };
}

/** How many of those who manage people get a letter about a lock-out. */
const MOST_LETTERS = 20;

/**
 * An account was locked: an event, a notice for its person, and letters where the deployment sends mail. Nothing where
 * the e-mail is nobody's.
 */
export async function noteLockOut(
  deps: LockOutDeps & { readonly notify: Notify },
  email: string,
  until: Date,
  address: string,
): Promise<void> {
  const accountId = await deps.accounts.find(email);
  const person = accountId === null ? null : await personOf(deps, accountId);
  if (person === null) return;
  await deps.database.forAgency(person.agencyId, async (tx) => {
    await insertNotice(tx, deps, person, "locked-out", until);
    await append(tx, deps.custody, person.agencyId, {
      kind: "person.locked-out",
      subject: { kind: "person", id: person.id },
      actorId: null,
      details: { tries: TRIES, until: until.toISOString(), address },
    });
    await deps.notify(tx, person.agencyId, { kind: "locked-out", personId: person.id, until });
    const admins = await tx
      .selectFrom("sworn.person")
      .select("id")
      .where(sql<boolean>`roles @> '{admin}'`)
      .where("disabled_at", "is", null)
      .where("id", "<>", person.id)
      .orderBy("id")
      .limit(MOST_LETTERS)
      .execute();
    for (const { id } of admins)
      await deps.notify(tx, person.agencyId, { kind: "locked-out", personId: id, until, about: person.id });
  });
}

/** For the person, until they have seen it. */
export async function insertNotice(
  tx: Tx,
  deps: Pick<TryDeps, "clock">,
  person: { readonly id: string; readonly agencyId: string },
  kind: SignInNotice["kind"],
  until: Date | null = null,
): Promise<void> {
  await tx
    .insertInto("sworn.sign_in_notice")
    .values({
      id: randomUUID(),
      agency_id: person.agencyId,
      person_id: person.id,
      kind,
      at: new Date(deps.clock.now()),
      until,
      seen_at: null,
    })
    .execute();
}

/** What happened to one's own account and was not acknowledged yet, the latest first; at most 20. */
export async function listNotices(tx: Tx, principal: Principal): Promise<SignInNotice[]> {
  if (principal.personId === null) return [];
  const rows = await tx
    .selectFrom("sworn.sign_in_notice")
    .select(["id", "kind", "at", "until"])
    .where("person_id", "=", principal.personId)
    .where("seen_at", "is", null)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(20)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    at: row.at.toISOString(),
    until: row.until?.toISOString() ?? null,
  }));
}

/** All of one's own up to this one, so that a hundred lock-outs are one click. `not-found`. */
export async function seeNotice(tx: Tx, deps: TryDeps, principal: Principal, id: string): Promise<void> {
  const own = await tx
    .selectFrom("sworn.sign_in_notice")
    .select("at")
    .where("id", "=", id)
    .where("person_id", "=", principal.actorId)
    .executeTakeFirst();
  if (own === undefined) throw new Problem("not-found");
  await tx
    .updateTable("sworn.sign_in_notice")
    .set({ seen_at: new Date(deps.clock.now()) })
    .where("person_id", "=", principal.actorId)
    .where("at", "<=", own.at)
    .where("seen_at", "is", null)
    .execute();
}

/** Opens a locked account again before its time, for every browser, with an event. `not-found`. */
export async function unlockPerson(deps: LockOutDeps, by: Principal, id: string): Promise<void> {
  await openAgain(deps, by.agencyId, id, actorOf(by));
}

/** The same from the server's own machine, by nobody who is signed in. */
export async function openAgain(
  deps: LockOutDeps,
  agencyId: string,
  id: string,
  actor: { readonly actorId: string | null },
): Promise<boolean> {
  const email = await emailOf(deps, agencyId, id);
  const account = accountOf(deps, email);
  if ((await lockedUntil(deps, [account])).size === 0) return false;
  await deps.database.forAgency(agencyId, (tx) =>
    append(tx, deps.custody, agencyId, { kind: "person.unlocked", subject: { kind: "person", id }, ...actor }),
  );
  await forgetTries(deps, account);
  return true;
}

async function emailOf(deps: Pick<TryDeps, "database">, agencyId: string, id: string): Promise<string> {
  const person = await deps.database.forAgency(agencyId, (tx) =>
    tx.selectFrom("sworn.person").select("email").where("id", "=", id).executeTakeFirst(),
  );
  if (person === undefined) throw new Problem("not-found");
  return person.email;
}

/** Whose account is locked and who has a second factor, for who manages people; in the order of ids, a page at a time. */
export async function listStates(
  deps: LockOutDeps,
  principal: Principal,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: SignInState[]; next: string | null }> {
  const rows = await deps.database.forAgency(principal.agencyId, (tx) => {
    const query = tx
      .selectFrom("sworn.person")
      .select(["id", "email", "account_id"])
      .orderBy("id")
      .limit(page.limit + 1);
    return (
      page.cursor === undefined
        ? query
        : query.where(sql<boolean>`id > (select c.id from sworn.person c where c.id = ${page.cursor})`)
    ).execute();
  });
  const shown = rows.slice(0, page.limit);
  const hashes = shown.map(({ email }) => accountOf(deps, email));
  const until = await lockedUntil(deps, hashes);
  const factors = await deps.accounts.factorsOf(shown.flatMap(({ account_id: account }) => account ?? []));
  const items = shown.map(({ id, email, account_id: account }) => ({
    personId: id,
    lockedUntil: until.get(Buffer.from(accountOf(deps, email)).toString("hex"))?.toISOString() ?? null,
    ...(factors.get(account ?? "") ?? { totp: false, passkeys: 0 }),
  }));
  return { items, next: rows.length > page.limit ? (items.at(-1)?.personId ?? null) : null };
}
