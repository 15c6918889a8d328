import { mayStandFor, Role } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Scope } from "../../ports/http.ts";
import { readScope } from "./read-scope.ts";

/** A key as it stands in its row, with what its maker is now. */
export interface KeyNow {
  readonly role: string;
  readonly created_by: string | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly maker_roles: readonly string[] | null;
  readonly maker_disabled: boolean | null;
}

/**
 * What a key is today: null where it opens nothing. Made by a person, it never does more than that person may (`maker`);
 * cameras outlive whoever enrolled them, and keys made on the server's own machine have no maker.
 */
export function judgeKey(key: KeyNow, now: number): { role: Role; maker: { id: string; roles: Role[] } | null } | null {
  if (key.revoked_at !== null) return null;
  if (key.expires_at !== null && key.expires_at.getTime() <= now) return null;
  const role = Role.safeParse(key.role).data;
  if (role === undefined) return null; // a role of another version grants nothing here
  if (role === "device" || key.created_by === null || key.maker_roles === null) return { role, maker: null };
  const roles = key.maker_roles.flatMap((each) => Role.safeParse(each).data ?? []);
  if (key.maker_disabled === true || !mayStandFor(roles, role)) return null;
  return { role, maker: { id: key.created_by, roles } };
}

/** As far as its maker reaches, without their classes and shares: a key is nobody. */
export async function keyScope(tx: Tx, maker: string | null): Promise<Scope> {
  const { units } = await readScope(tx, maker);
  return { units, classes: [] };
}
