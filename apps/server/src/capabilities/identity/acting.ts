import { lentPermissions } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { readLent } from "../access/index.ts";

const NAME = "sworn_acting";

/** Says in every request of this browser for whom its person acts; pictures and players ask without headers of ours. */
export function actingCookie(delegationId: string | null, secure: boolean): string {
  const rest = `Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  return delegationId === null ? `${NAME}=; Max-Age=0; ${rest}` : `${NAME}=${delegationId}; ${rest}`;
}

export function actingIn(cookies: string): string | null {
  return /(?:^|;\s*)sworn_acting=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:;|$)/.exec(cookies)?.[1] ?? null;
}

/** The person as they act for another one: with that reach alone. As themselves where nothing is lent (any more). */
export async function actFor(tx: Tx, person: Principal, delegationId: string, now: number): Promise<Principal> {
  const lent = await readLent(tx, delegationId, person.actorId, now);
  if (lent === null) return person;
  return {
    ...person,
    roles: lent.roles,
    permissions: lentPermissions(lent.roles),
    scope: lent.scope,
    behalf: { delegationId: lent.delegationId, personId: lent.giverId },
  };
}
