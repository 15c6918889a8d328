import { type Family, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { ancestorsOf, descendantsOf, visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";

const MOST = 200;

/** The tree around an item. Relatives that the one who asks may not see are not there, and not counted. */
export async function readFamily(tx: Tx, principal: Principal, id: string): Promise<Family> {
  const up = await ancestorsOf(tx, [id]);
  const parentOf = new Map(up.map((each) => [each.id, each.sourceId]));
  let root = id;
  for (let parent = parentOf.get(root); parent !== undefined; parent = parentOf.get(root)) root = parent;
  const ids = [root, ...(await descendantsOf(tx, [root])).map((each) => each.id)];
  const rows = await tx
    .selectFrom("sworn.evidence")
    .leftJoin("sworn.derivation", "sworn.derivation.evidence_id", "sworn.evidence.id")
    .select(["sworn.evidence.id", "sworn.evidence.title", "sworn.evidence.kind", "sworn.derivation.source_id"])
    .select([
      "sworn.derivation.kind as made",
      "sworn.derivation.take",
      "sworn.derivation.from_ms",
      "sworn.derivation.to_ms",
      "sworn.derivation.made_by",
      "sworn.derivation.made_at",
      "sworn.derivation.how",
    ])
    .where("sworn.evidence.id", "in", ids)
    .where(visibleEvidence(principal))
    .orderBy("sworn.derivation.made_at", (order) => order.asc().nullsFirst())
    .orderBy("sworn.evidence.id")
    .limit(MOST + 1)
    .execute();
  if (!rows.some((row) => row.id === id)) throw new Problem("not-found");
  const names = await actorNames(tx, [...new Set(rows.flatMap(({ made_by }) => made_by ?? []))]);
  const seen = new Set(rows.map((row) => row.id));
  return {
    items: rows.slice(0, MOST).map((row) => ({
      id: row.id,
      title: row.title,
      kind: row.kind,
      made:
        row.source_id === null ||
        row.made === null ||
        row.take === null ||
        row.from_ms === null ||
        row.made_by === null ||
        row.made_at === null ||
        !seen.has(row.source_id)
          ? null
          : {
              from: row.source_id,
              kind: row.made,
              take: row.take,
              fromMs: row.from_ms,
              toMs: row.to_ms,
              by: { id: row.made_by, name: names.get(row.made_by) ?? "" },
              at: row.made_at.toISOString(),
              ...toolOf(row.how),
            },
    })),
    more: rows.length > MOST,
  };
}

function toolOf(how: unknown): { reencoded: boolean; tool: string } {
  const said = typeof how === "object" && how !== null ? (how as Record<string, unknown>) : {};
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return { reencoded: said["reencoded"] === true, tool: `${text(said["tool"])} ${text(said["version"])}`.trim() };
}
