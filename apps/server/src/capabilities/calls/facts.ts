import { z } from "zod";

/** One who answered, as the call's state holds it. */
export interface Answered {
  readonly badge: string;
  readonly person: string | null;
  readonly unit: string | null;
}
/** Everything that a call says, in the form that is kept for each state and whose hash its events carry. */
export const CallFacts = z.object({
  number: z.string(),
  kind: z.string(),
  place: z.string(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  from: z.string(),
  to: z.string(),
  answered: z.array(z.object({ badge: z.string(), person: z.string().nullable(), unit: z.string().nullable() })),
});
export type CallFacts = z.infer<typeof CallFacts>;

/** The same badge in other letters is the same badge; sorted, since dispatch's order says nothing. */
export function oneOfEach(badges: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const badge of badges) if (!seen.has(badge.toLowerCase())) seen.set(badge.toLowerCase(), badge);
  return [...seen.values()].toSorted();
}

/** Which parts of a call differ, with both as text. */
export function differences(before: CallFacts, after: CallFacts): { field: string; before: string; after: string }[] {
  const words = (facts: CallFacts): Record<string, string> => ({
    kind: facts.kind,
    place: facts.place,
    from: facts.from,
    to: facts.to,
    badges: facts.answered.map(({ badge }) => badge).join(" "),
    lat: facts.lat === null ? "" : String(facts.lat),
    lon: facts.lon === null ? "" : String(facts.lon),
  });
  const [was, is] = [words(before), words(after)];
  const changed = Object.keys(is).flatMap((field) =>
    was[field] === is[field] ? [] : [{ field, before: was[field] ?? "", after: is[field] ?? "" }],
  );
  // A badge that was nobody's then and is somebody's now.
  if (changed.length === 0 && JSON.stringify(before.answered) !== JSON.stringify(after.answered)) {
    const known = (facts: CallFacts): string =>
      facts.answered.flatMap(({ badge, person }) => (person === null ? [] : [badge])).join(" ");
    return [{ field: "badges", before: known(before), after: known(after) }];
  }
  return changed;
}
