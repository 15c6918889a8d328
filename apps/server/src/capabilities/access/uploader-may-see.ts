import { Role } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import { readScope } from "./read-scope.ts";
import { maySee } from "./visible-evidence.ts";

/**
 * May whoever sent a file know that an item with the same bytes is here? Asked by a job long after the request, so
 * roles are read as they are now: a right that was taken away since counts as gone.
 */
export async function uploaderMaySee(
  tx: Tx,
  uploader: { readonly actorId: string; readonly personId: string | null; readonly deviceId: string | null },
  evidenceId: string,
): Promise<boolean> {
  const agency = await tx.selectFrom("sworn.agency").select("id").executeTakeFirst();
  if (agency === undefined) return false;
  const roles =
    uploader.personId === null ? await keyRoles(tx, uploader.actorId) : await personRoles(tx, uploader.personId);
  const kind = uploader.personId === null ? "key" : "person";
  const scope = await readScope(tx, uploader.personId);
  return await maySee(tx, { ...uploader, kind, agencyId: agency.id, roles, scope }, evidenceId);
}

async function personRoles(tx: Tx, id: string): Promise<Role[]> {
  const person = await tx
    .selectFrom("sworn.person")
    .select("roles")
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  return (person?.roles ?? []).flatMap((role) => Role.safeParse(role).data ?? []);
}

async function keyRoles(tx: Tx, id: string): Promise<Role[]> {
  const key = await tx
    .selectFrom("sworn.api_key")
    .select("role")
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return key === undefined ? [] : [key.role].flatMap((role) => Role.safeParse(role).data ?? []);
}
