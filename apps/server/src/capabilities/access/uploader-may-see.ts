import { Role } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { judgeKey, keyScope } from "./key-reach.ts";
import { readScope } from "./read-scope.ts";
import { maySee } from "./visible-evidence.ts";

/**
 * May whoever sent a file know that an item with the same bytes is here? Asked by a job long after the request, so
 * roles and units are read as they are now, of a key its maker's: what was taken away since counts as gone.
 */
export async function uploaderMaySee(
  tx: Tx,
  uploader: { readonly actorId: string; readonly personId: string | null; readonly deviceId: string | null },
  evidenceId: string,
  now = Date.now(),
): Promise<boolean> {
  const agency = await tx.selectFrom("sworn.agency").select("id").executeTakeFirst();
  if (agency === undefined) return false;
  const as =
    uploader.personId === null ? await keyNow(tx, uploader.actorId, now) : await personNow(tx, uploader.personId);
  return as !== null && (await maySee(tx, { ...uploader, ...as, agencyId: agency.id }, evidenceId));
}

type As = Pick<Principal, "kind" | "roles" | "scope">;

async function personNow(tx: Tx, id: string): Promise<As | null> {
  const person = await tx
    .selectFrom("sworn.person")
    .select("roles")
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (person === undefined) return null;
  const roles = person.roles.flatMap((role) => Role.safeParse(role).data ?? []);
  return { kind: "person", roles, scope: await readScope(tx, id) };
}

async function keyNow(tx: Tx, id: string, now: number): Promise<As | null> {
  const key = await tx
    .selectFrom("sworn.api_key as k")
    .leftJoin("sworn.person as p", "p.id", "k.created_by")
    .select(["k.role", "k.created_by", "k.expires_at", "k.revoked_at", "p.roles as maker_roles"])
    .select((eb) => eb("p.disabled_at", "is not", null).$castTo<boolean>().as("maker_disabled"))
    .where("k.id", "=", id)
    .executeTakeFirst();
  const judged = key === undefined ? null : judgeKey(key, now);
  if (judged === null) return null;
  return { kind: "key", roles: [judged.role], scope: await keyScope(tx, judged.maker?.id ?? null) };
}
