import { createHmac } from "node:crypto";
import type { Entry, Proof } from "../../ports/accounts.ts";
import { accountOf, type TryDeps } from "./count-tries.ts";

/** Longer than any code is taken. */
const REMEMBER_MS = 5 * 60_000;

/** A code opens one thing: typed a second time it is refused, while the clock would still take it. */
export async function once(deps: TryDeps, email: string, proof: Proof, step: () => Promise<Entry>): Promise<Entry> {
  if (!("code" in proof)) return await step(); // recovery codes are struck out by the library
  const account = accountOf(deps, email);
  const code = createHmac("sha256", deps.secret).update(proof.code).digest();
  const now = deps.clock.now();
  const fresh = await deps.database.withoutAgency(async (tx) => {
    await tx
      .deleteFrom("sworn.used_code")
      .where("at", "<", new Date(now - REMEMBER_MS))
      .execute();
    const row = { account, code, at: new Date(now) };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("sworn.used_code")
      .values(row)
      .onConflict((on) => on.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  });
  return fresh ? await step() : { outcome: "refused", cookies: [], session: null };
}
