import type { ChangeSignInPolicy, SignInPolicy } from "@sworn/contract";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { IDLE_MINUTES } from "../identity/index.ts";

/** What the agency asks of a sign-in and of a session. */
export async function readPolicy(tx: Tx): Promise<SignInPolicy> {
  const row = await tx
    .selectFrom("sworn.sign_in_policy")
    .select(["idle_minutes", "second_factor", "notice", "notice_version"])
    .executeTakeFirst();
  return {
    idleMinutes: row?.idle_minutes ?? IDLE_MINUTES,
    secondFactor: row?.second_factor ?? [],
    notice: row?.notice ?? "",
    noticeVersion: row?.notice_version ?? 0,
  };
}

/** Holds for every session from its next request on. The event holds what changed, and what was before. */
export async function changePolicy(
  tx: Tx,
  deps: { readonly custody: AppendDeps },
  principal: Principal,
  change: ChangeSignInPolicy,
): Promise<SignInPolicy> {
  const { agencyId } = principal;
  // One after the other: of two at once, the later would write back what the earlier had changed, and give one version
  // of the notice to two texts.
  await sql`select pg_advisory_xact_lock(hashtextextended('sign-in policy ' || sworn.current_agency(), 4))`.execute(tx);
  const before = await readPolicy(tx);
  const after = {
    idleMinutes: change.idleMinutes ?? before.idleMinutes,
    secondFactor: [...new Set(change.secondFactor ?? before.secondFactor)].toSorted(),
    notice: (change.notice ?? before.notice).replaceAll("\r\n", "\n"),
  };
  const noticeVersion = before.noticeVersion + (after.notice === before.notice ? 0 : 1);
  const details = {
    ...(after.idleMinutes === before.idleMinutes ? {} : { idleMinutes: after.idleMinutes, before: before.idleMinutes }),
    ...(after.secondFactor.join(" ") === before.secondFactor.join(" ")
      ? {}
      : { secondFactor: after.secondFactor.join(" "), secondFactorBefore: before.secondFactor.join(" ") }),
  };
  // The text itself: what somebody accepted as version 3 can be read in the log for as long as it stands.
  if (noticeVersion !== before.noticeVersion) Object.assign(details, { notice: after.notice, noticeVersion });
  if (Object.keys(details).length === 0) return before;
  const values = {
    idle_minutes: after.idleMinutes,
    second_factor: after.secondFactor,
    notice: after.notice,
    notice_version: noticeVersion,
  };
  await tx
    .insertInto("sworn.sign_in_policy")
    .values({ agency_id: agencyId, ...values })
    .onConflict((on) => on.column("agency_id").doUpdateSet(values))
    .execute();
  const subject = { kind: "agency", id: agencyId } as const;
  await append(tx, deps.custody, agencyId, { kind: "sign-in.policy-changed", subject, ...actorOf(principal), details });
  return { ...after, noticeVersion };
}
