import { createHmac } from "node:crypto";
import { Problem } from "@sworn/contract";
import { sql } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import { FORGET_HOURS, LOCK_MINUTES, TRIES } from "./rules.ts";

export interface TryDeps {
  readonly database: Database;
  readonly clock: Pick<Clock, "now">;
  /** Accounts are kept as a hash keyed with this: the table is no list of who has one. */
  readonly secret: Uint8Array;
}

/** A try that was counted before anything was looked at: of a hundred at once no more than five are judged. */
export interface Try {
  /** Was wrong: it stays counted. The end of the lock that it brought, if it did. */
  wrong(): Date | null;
  /** Was right, and everything that had to be right with it: nothing is counted any more. */
  right(): Promise<void>;
  /** Was not judged, or is only half of a sign-in. */
  undone(): Promise<void>;
}

/** The same for an e-mail however it is typed, whether or not there is such an account. */
export function accountOf(deps: Pick<TryDeps, "secret">, email: string): Uint8Array {
  return createHmac("sha256", deps.secret).update(email.normalize("NFKC").trim().toLowerCase()).digest();
}

/** Begins a try at the account from a browser that is known to it ("" for all others). `sign-in-locked`. */
export async function beginTry(deps: TryDeps, account: Uint8Array, browser: string): Promise<Try> {
  const now = new Date(deps.clock.now());
  const old = new Date(deps.clock.now() - FORGET_HOURS * 3_600_000);
  const waits = sql.join(LOCK_MINUTES.map((minutes) => sql.lit(minutes)));
  const counted = await deps.database.withoutAgency(async (tx) => {
    await tx.deleteFrom("sworn.sign_in_try").where("last_at", "<", old).execute();
    const { rows } = await sql<{ locked_until: Date | null }>`
      insert into sworn.sign_in_try as t (account, browser, wrong, last_at) values (${account}, ${browser}, 1, ${now})
      on conflict (account, browser) do update set
        wrong = case when t.locked_until is null then t.wrong + 1 else 1 end,
        locks = case when t.locked_until is null and t.wrong + 1 >= ${TRIES} then t.locks + 1 else t.locks end,
        locked_until = case when t.locked_until is null and t.wrong + 1 >= ${TRIES}
          then excluded.last_at + make_interval(mins => (array[${waits}])[least(t.locks + 1, ${LOCK_MINUTES.length})])
        end,
        last_at = excluded.last_at
      where t.locked_until is null or t.locked_until <= excluded.last_at
      returning locked_until`.execute(tx);
    if (rows[0] !== undefined) return { lockedUntil: rows[0].locked_until };
    const held = await tx
      .selectFrom("sworn.sign_in_try")
      .select("locked_until")
      .where("account", "=", account)
      .where("browser", "=", browser)
      .executeTakeFirst();
    throw locked(held?.locked_until ?? null, deps.clock.now());
  });
  const row = <T extends { where(a: "account" | "browser", b: "=", c: Uint8Array | string): T }>(query: T): T =>
    query.where("account", "=", account).where("browser", "=", browser);
  return {
    wrong: () => counted.lockedUntil,
    right: async () => {
      await deps.database.withoutAgency((tx) => row(tx.deleteFrom("sworn.sign_in_try")).execute());
    },
    undone: async () => {
      // Only the lock that this very try brought: one that a wrong try brought meanwhile stays.
      const mine = counted.lockedUntil;
      await deps.database.withoutAgency(async (tx) => {
        await (mine === null
          ? sql`update sworn.sign_in_try set wrong = greatest(wrong - 1, 0)
                where account = ${account} and browser = ${browser} and locked_until is null`.execute(tx)
          : sql`update sworn.sign_in_try set wrong = wrong - 1, locked_until = null, locks = locks - 1
                where account = ${account} and browser = ${browser} and locked_until = ${mine}`.execute(tx));
        // Tries that were not judged leave nothing: whoever sends e-mails without end does not fill the table.
        await sql`delete from sworn.sign_in_try where account = ${account} and browser = ${browser}
          and wrong <= 0 and locks = 0 and locked_until is null`.execute(tx);
      });
    },
  };
}

/** When the account opens again, for any browser that is shut out of it; null when none is. */
export async function lockedUntil(deps: TryDeps, accounts: readonly Uint8Array[]): Promise<Map<string, Date>> {
  const until = new Map<string, Date>();
  if (accounts.length === 0) return until;
  const rows = await deps.database.withoutAgency((tx) =>
    tx
      .selectFrom("sworn.sign_in_try")
      .select(["account", ({ fn }) => fn.max("locked_until").as("until")])
      .where("account", "in", accounts)
      .where("locked_until", ">", new Date(deps.clock.now()))
      .groupBy("account")
      .execute(),
  );
  for (const { account, until: end } of rows) if (end !== null) until.set(Buffer.from(account).toString("hex"), end);
  return until;
}

/** Forgets the account's wrong tries, of every browser. */
export async function forgetTries(deps: TryDeps, account: Uint8Array): Promise<void> {
  await deps.database.withoutAgency((tx) =>
    tx.deleteFrom("sworn.sign_in_try").where("account", "=", account).execute(),
  );
}

function locked(until: Date | null, now: number): Problem {
  const seconds = until === null ? 60 : Math.max(1, Math.ceil((until.getTime() - now) / 1000));
  const minutes = Math.ceil(seconds / 60);
  return new Problem(
    "sign-in-locked",
    `There were too many wrong tries for this account. It opens again by itself in ${minutes} ` +
      `${minutes === 1 ? "minute" : "minutes"}. A browser that signed in before and a passkey still work; an ` +
      "administrator can open it sooner.",
    { extra: { retryAfter: seconds } },
  );
}
