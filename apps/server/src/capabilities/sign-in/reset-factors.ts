import { Problem } from "@sworn/contract";
import type { Accounts } from "../../ports/accounts.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import { insertNotice, type LockOutDeps } from "./lock-outs.ts";

export type ResetDeps = LockOutDeps & { readonly accounts: Pick<Accounts, "removeFactors" | "endSessions"> };

/**
 * Takes everything away that proves a second factor, for who lost theirs. They are told at their next sign-in; where a
 * role needs a second factor, they set up a new one before anything opens. `not-found`.
 */
export async function resetFactors(deps: ResetDeps, by: Principal, id: string, reason: string): Promise<void> {
  await resetFactorsOf(deps, by.agencyId, id, reason, actorOf(by));
}

/** The same from the server's own machine, by nobody who is signed in. The event comes first. */
export async function resetFactorsOf(
  deps: ResetDeps,
  agencyId: string,
  id: string,
  reason: string,
  actor: { readonly actorId: string | null },
): Promise<void> {
  const accountId = await deps.database.forAgency(agencyId, async (tx) => {
    const person = await tx.selectFrom("sworn.person").select("account_id").where("id", "=", id).executeTakeFirst();
    if (person === undefined) throw new Problem("not-found");
    if (person.account_id === null) throw new Problem("request-malformed", "This person has no sign-in.");
    await insertNotice(tx, deps, { id, agencyId }, "factors-reset");
    const subject = { kind: "person", id } as const;
    await append(tx, deps.custody, agencyId, { kind: "person.factors-reset", subject, ...actor, reason });
    return person.account_id;
  });
  try {
    await deps.accounts.removeFactors(accountId, "all");
  } finally {
    await deps.accounts.endSessions(accountId);
  }
}
