import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";

/** Where somebody belongs now: what an item they bring in keeps. */
export async function unitOf(tx: Tx, personId: string | null): Promise<string | null> {
  if (personId === null) return null;
  const person = await tx.selectFrom("sworn.person").select("unit_id").where("id", "=", personId).executeTakeFirst();
  return person?.unit_id ?? null;
}

/** The unit of what somebody begins: their own; of whom they act for; of the one unit they act in. */
export async function homeUnit(tx: Tx, { scope, behalf, personId }: Principal): Promise<string | null> {
  return scope?.within?.[0] ?? (await unitOf(tx, behalf?.personId ?? personId));
}
