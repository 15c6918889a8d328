import type { Unit } from "@sworn/contract";
import { locale } from "../../words/index.ts";

export interface Placed {
  readonly unit: Unit;
  /** 0: at the top. */
  readonly depth: number;
}

/** Each unit after the one above it, siblings by name. A unit whose parent is left out stands at the top. */
export function inTreeOrder(units: readonly Unit[]): Placed[] {
  const known = new Set(units.map(({ id }) => id));
  const under = new Map<string | null, Unit[]>();
  for (const unit of units) {
    const parent = unit.parentId !== null && known.has(unit.parentId) ? unit.parentId : null;
    under.set(parent, [...(under.get(parent) ?? []), unit]);
  }
  const walk = (parent: string | null, depth: number): Placed[] =>
    (under.get(parent) ?? [])
      .toSorted((a, b) => a.name.localeCompare(b.name, locale(), { numeric: true }))
      .flatMap((unit) => [{ unit, depth }, ...walk(unit.id, depth + 1)]);
  return walk(null, 0);
}

/** Those a unit may be put below: neither itself nor one of its own. */
export function possibleParents(units: readonly Unit[], moved: string): Placed[] {
  const placed = inTreeOrder(units);
  const at = placed.findIndex(({ unit }) => unit.id === moved);
  const own = placed[at];
  if (own === undefined) return placed;
  const after = placed.slice(at + 1).findIndex(({ depth }) => depth <= own.depth);
  return [...placed.slice(0, at), ...(after === -1 ? [] : placed.slice(at + 1 + after))];
}
