import type { SignInPolicy } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { IDLE_MINUTES } from "../identity/index.ts";

/** What the agency asks of a session. */
export async function readPolicy(tx: Tx): Promise<SignInPolicy> {
  const row = await tx.selectFrom("sworn.sign_in_policy").select("idle_minutes").executeTakeFirst();
  return { idleMinutes: row?.idle_minutes ?? IDLE_MINUTES };
}

/** Holds for every session from its next request on. */
export async function changePolicy(
  tx: Tx,
  deps: { readonly custody: AppendDeps },
  principal: Principal,
  { idleMinutes }: SignInPolicy,
): Promise<SignInPolicy> {
  const { agencyId } = principal;
  const before = await readPolicy(tx);
  if (before.idleMinutes === idleMinutes) return before;
  await tx
    .insertInto("sworn.sign_in_policy")
    .values({ agency_id: agencyId, idle_minutes: idleMinutes })
    .onConflict((on) => on.column("agency_id").doUpdateSet({ idle_minutes: idleMinutes }))
    .execute();
  const subject = { kind: "agency", id: agencyId } as const;
  const details = { idleMinutes, before: before.idleMinutes };
  await append(tx, deps.custody, agencyId, { kind: "sign-in.policy-changed", subject, ...actorOf(principal), details });
  return { idleMinutes };
}
