import type { Unit } from "@sworn/contract";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  /** How far in it stands. */
  readonly depth?: number;
}

/**
 * Units as a tree, each counted with those below it, because a filter by a unit means them too. Units without items
 * are left out unless they are chosen.
 */
export function unitChoices(
  units: readonly Unit[],
  counts: readonly { value: string; label: string | null; count: number }[],
  chosen: readonly string[],
): Choice[] {
  const own = new Map(counts.map(({ value, count }) => [value, count]));
  const choices: Choice[] = [];
  const walk = (parentId: string | null, depth: number): number => {
    let below = 0;
    for (const unit of units
      .filter((one) => one.parentId === parentId)
      .toSorted((a, b) => a.name.localeCompare(b.name))) {
      const at = choices.length;
      const count = (own.get(unit.id) ?? 0) + walk(unit.id, depth + 1);
      if (count > 0 || chosen.includes(unit.id))
        choices.splice(at, 0, { value: unit.id, label: unit.name, count, depth });
      below += count;
    }
    return below;
  };
  walk(null, 0);
  // Whose unit is not in the tree (any more) is still counted.
  for (const { value, label, count } of counts)
    if (!choices.some((choice) => choice.value === value))
      choices.push({ value, label: label ?? value, count, depth: 0 });
  return choices;
}
