import { permits, type Permission, Role } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import { readScope } from "./read-scope.ts";
import { maySee } from "./visible-evidence.ts";

/** Of these people, in their order, those who can see an item now and may do this with what they see. */
export async function whoSees(
  tx: Tx,
  agencyId: string,
  item: { readonly evidenceId: string; readonly permission: Permission },
  personIds: readonly string[],
  most = personIds.length,
): Promise<string[]> {
  if (personIds.length === 0) return [];
  const rows = await tx
    .selectFrom("sworn.person")
    .select(["id", "roles"])
    .where("id", "in", [...new Set(personIds)])
    .where("disabled_at", "is", null)
    .execute();
  const rolesOf = new Map(rows.map(({ id, roles }) => [id, roles.flatMap((role) => Role.safeParse(role).data ?? [])]));
  const seeing: string[] = [];
  for (const id of personIds) {
    if (seeing.length >= most) break;
    const roles = rolesOf.get(id);
    if (roles === undefined || !permits(roles, item.permission)) continue;
    const scope = await readScope(tx, id);
    const person = { kind: "person", actorId: id, agencyId, roles, personId: id, deviceId: null, scope } as const;
    if (await maySee(tx, person, item.evidenceId)) seeing.push(id);
  }
  return seeing;
}
