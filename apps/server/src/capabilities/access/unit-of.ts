import type { Tx } from "../../ports/database.ts";

/** Where somebody belongs now: what an item they bring in keeps. */
export async function unitOf(tx: Tx, personId: string | null): Promise<string | null> {
  if (personId === null) return null;
  const person = await tx.selectFrom("sworn.person").select("unit_id").where("id", "=", personId).executeTakeFirst();
  return person?.unit_id ?? null;
}
