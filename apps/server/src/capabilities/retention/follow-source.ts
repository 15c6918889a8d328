import { Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { ancestorsOf, descendantsOf } from "../access/index.ts";
import { type AppendDeps, actorOf, append } from "../custody/index.ts";

/** What was made from a restricted item belongs to the same class: it is changed with the original or not at all. */
export async function assertFollows(tx: Tx, ids: readonly string[], classId: string | null): Promise<void> {
  const parents = (await ancestorsOf(tx, ids)).filter(
    ({ id, sourceId }) => ids.includes(id) && !ids.includes(sourceId),
  );
  if (parents.length === 0) return;
  const sources = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where(
      "id",
      "in",
      parents.map(({ sourceId }) => sourceId),
    )
    .where("restricted_class_id", "is not", null)
    .where("restricted_class_id", "is distinct from", classId)
    .limit(1)
    .execute();
  if (sources.length > 0)
    throw new Problem(
      "request-malformed",
      "This was made from a restricted item and follows it. Change the original: what was made from it changes with it.",
    );
}

/** Gives all that was made from an item the item's class, in the same transaction, with an event each. */
export async function restrictDescendants(
  tx: Tx,
  deps: { readonly custody: AppendDeps },
  principal: Principal,
  item: { readonly id: string; readonly classId: string | null; readonly reason: string },
  except: readonly string[] = [],
): Promise<void> {
  const ids = (await descendantsOf(tx, [item.id])).map(({ id }) => id).filter((id) => !except.includes(id));
  if (ids.length === 0) return;
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "restricted_class_id"])
    .where("id", "in", ids)
    .where("restricted_class_id", "is distinct from", item.classId)
    .orderBy("id")
    .forUpdate()
    .execute();
  for (const row of rows) {
    await tx
      .updateTable("sworn.evidence")
      .set({ restricted_class_id: item.classId })
      .where("id", "=", row.id)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "evidence.restricted",
      subject: { kind: "evidence", id: row.id },
      ...actorOf(principal),
      reason: item.reason,
      details: { class: item.classId, before: row.restricted_class_id, follows: item.id },
    });
  }
}
