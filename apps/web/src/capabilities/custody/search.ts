import { EventKind, Id } from "@sworn/contract";

/** What the address of an item says about its history: `?what=evidence.viewed&who=…&day=2026-11-20`. */
export interface StorySearch {
  readonly what?: string;
  readonly who?: string;
  readonly day?: string;
}

/** Typed by hand, perhaps: what no history can hold is left out. */
export function readStorySearch(search: Readonly<Record<string, unknown>>): StorySearch {
  const [what, who, day] = [search["what"], search["who"], search["day"]];
  return {
    ...(EventKind.safeParse(what).success ? { what: String(what) } : {}),
    ...(Id.safeParse(who).success ? { who: String(who) } : {}),
    ...(typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? { day } : {}),
  };
}
