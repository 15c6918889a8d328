import type { ChangeSignInPolicy, SignInPolicy } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { IDLE_MINUTES } from "../identity/index.ts";

/** What the agency asks of a sign-in and of a session. */
export async function readPolicy(tx: Tx): Promise<SignInPolicy> {
  const row = await tx.selectFrom("sworn.sign_in_policy").select(["idle_minutes", "second_factor"]).executeTakeFirst();
  return { idleMinutes: row?.idle_minutes ?? IDLE_MINUTES, secondFactor: row?.second_factor ?? [] };
}

/** Holds for every session from its next request on. The event holds what changed, and what was before. */
export async function changePolicy(
  tx: Tx,
  deps: { readonly custody: AppendDeps },
  principal: Principal,
  change: ChangeSignInPolicy,
): Promise<SignInPolicy> {
  const { agencyId } = principal;
  const before = await readPolicy(tx);
  const after = {
    idleMinutes: change.idleMinutes ?? before.idleMinutes,
    secondFactor: [...new Set(change.secondFactor ?? before.secondFactor)].toSorted(),
  };
  const details = {
    ...(after.idleMinutes === before.idleMinutes ? {} : { idleMinutes: after.idleMinutes, before: before.idleMinutes }),
    ...(after.secondFactor.join(" ") === before.secondFactor.join(" ")
      ? {}
      : { secondFactor: after.secondFactor.join(" "), secondFactorBefore: before.secondFactor.join(" ") }),
  };
  if (Object.keys(details).length === 0) return before;
  const values = { idle_minutes: after.idleMinutes, second_factor: after.secondFactor };
  await tx
    .insertInto("sworn.sign_in_policy")
    .values({ agency_id: agencyId, ...values })
    .onConflict((on) => on.column("agency_id").doUpdateSet(values))
    .execute();
  const subject = { kind: "agency", id: agencyId } as const;
  await append(tx, deps.custody, agencyId, { kind: "sign-in.policy-changed", subject, ...actorOf(principal), details });
  return after;
}
