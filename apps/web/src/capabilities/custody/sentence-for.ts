import type { CustodyEntry } from "@sworn/contract";
import { CoreError } from "@sworn/core";
import { words } from "../../words/index.ts";
import { factsOf } from "./read-facts.ts";

const say = words.custody;

/** In the chosen language where its catalogue has one, else in the server's own words. */
export function sentenceFor(entry: Pick<CustodyEntry, "kind" | "event" | "actor" | "sentence">): string {
  if (entry.event === null || entry.kind === null) return entry.sentence ?? say.withheld;
  try {
    return say.sentenceOf(entry.kind, entry.actor?.name ?? null, factsOf(entry.event)) ?? entry.sentence ?? "";
  } catch (error) {
    // Not an event at all: the check says so; the server's sentence stands beside it.
    if (error instanceof CoreError) return entry.sentence ?? "";
    throw error;
  }
}
