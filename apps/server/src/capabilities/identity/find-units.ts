import { Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { createUnit, type UnitsDeps } from "../units/index.ts";

/** Units by the path that a table gives them: `Central / Watch 1`, or a name alone where only one has it. */
export interface UnitPaths {
  /** Paths that are not there, the upper ones first. */
  readonly missing: readonly string[];
  idOf(path: string): string | null;
  nameOf(id: string): string;
  /** Makes what is missing; how many. */
  make(tx: Tx, deps: Pick<UnitsDeps, "custody">, principal: Principal): Promise<number>;
}

/** More new units than these in one table are a column that holds something else. */
const MOST_MISSING = 500;

const partsOf = (path: string): string[] =>
  path
    .split(/[/>\\]/u)
    .map((part) => part.trim().slice(0, 100))
    .filter((part) => part !== "");
const keyOf = (parts: readonly string[]): string => parts.join(" / ").toLowerCase();

export async function findUnits(tx: Tx, paths: readonly string[]): Promise<UnitPaths> {
  const rows = await tx
    .selectFrom("sworn.unit")
    .select(["id", "name", "parent_id"])
    .where("archived_at", "is", null)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const names = (id: string): string[] => {
    const unit = byId.get(id);
    return unit === undefined ? [] : [...(unit.parent_id === null ? [] : names(unit.parent_id)), unit.name];
  };
  const ids = new Map(rows.map(({ id }) => [keyOf(names(id)), id]));
  const find = (parts: readonly string[]): string | null => {
    const whole = ids.get(keyOf(parts));
    if (whole !== undefined || parts.length !== 1) return whole ?? null;
    const named = rows.filter(({ name }) => name.toLowerCase() === parts[0]?.toLowerCase());
    return named.length === 1 ? (named[0]?.id ?? null) : null;
  };
  const missing = new Map<string, string[]>();
  for (const path of paths) {
    const parts = partsOf(path);
    if (parts.length === 0 || find(parts) !== null) continue;
    for (let n = 1; n <= parts.length; n += 1) {
      const upper = parts.slice(0, n);
      if (find(upper) === null) missing.set(keyOf(upper), upper);
      if (missing.size > MOST_MISSING)
        throw new Problem(
          "request-malformed",
          `The table names more than ${MOST_MISSING} units that are not here. Choose its column anew, or split the table.`,
        );
    }
  }
  return {
    missing: [...missing.values()].map((parts) => parts.join(" / ")),
    idOf: (path) => find(partsOf(path)),
    nameOf: (id) => names(id).join(" / "),
    async make(within, deps, principal) {
      for (const parts of missing.values()) {
        const parentId = parts.length === 1 ? null : find(parts.slice(0, -1));
        const unit = await createUnit(within, deps, principal, { name: parts.at(-1) ?? "", parentId });
        ids.set(keyOf(parts), unit.id);
      }
      return missing.size;
    },
  };
}
