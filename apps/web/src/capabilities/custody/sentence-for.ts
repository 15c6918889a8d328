import type { CustodyEntry, TimelineEntry } from "@sworn/contract";
import { CoreError } from "@sworn/core";
import { words } from "../../words/index.ts";
import { factsFrom, factsOf, noFacts } from "./read-facts.ts";

const say = words.custody;

/** In the chosen language where its catalogue has one, else in the server's own words. */
export function sentenceFor(entry: Pick<CustodyEntry, "kind" | "event" | "actor" | "behalf" | "sentence">): string {
  if (entry.sentence === null || entry.kind === null) return say.withheld;
  const name = entry.actor?.name ?? null;
  const who = name === null || entry.behalf == null ? name : say.behalf(name, entry.behalf.name);
  // Told without its details: it names an incident or a case that is not the reader's to know.
  if (entry.event === null) return say.sentenceOf(entry.kind, who, noFacts) ?? entry.sentence;
  try {
    return say.sentenceOf(entry.kind, who, factsOf(entry.event)) ?? entry.sentence;
  } catch (error) {
    // Not an event at all: the check says so; the server's sentence stands beside it.
    if (error instanceof CoreError) return entry.sentence;
    throw error;
  }
}

/** A line of a timeline: a title or a text as it was written, an event in the chosen language. */
export function wordsOf({ words: said, by, event }: TimelineEntry): string {
  return event === undefined ? said : (say.sentenceOf(event.kind, by, factsFrom(event)) ?? said);
}
