import { parseEvent } from "@sworn/core";
import { formatBytes } from "../../ui/format/bytes.ts";
import type { EventFacts } from "../../words/event-facts.ts";

/** Of an event whose text is kept back. */
export const noFacts: EventFacts = {
  actor: "person",
  reason: null,
  text: () => null,
  number: () => null,
  bytes: () => null,
  names: () => [],
};

/** The facts of a logged event's exact text. Throws a CoreError where it is none. */
export function factsOf(logged: string): EventFacts {
  const { actor, reason, details } = parseEvent(logged);
  const kind = actor.kind === "device" || actor.kind === "service" ? actor.kind : "person";
  return factsFrom({ actor: kind, reason: reason ?? null, details: details ?? {} });
}

/** The facts of an event that was told without its text. */
export function factsFrom(event: {
  readonly actor: EventFacts["actor"];
  readonly reason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}): EventFacts {
  const number = (name: string): number | null => {
    const value = event.details[name];
    return typeof value === "number" ? value : null;
  };
  return {
    actor: event.actor,
    reason: event.reason,
    text: (name) => {
      const value = event.details[name];
      return typeof value === "string" && value !== "" ? value : null;
    },
    number,
    bytes: (name) => {
      const value = number(name);
      return value === null ? null : formatBytes(value);
    },
    names: (name) => {
      const value = event.details[name];
      if (!Array.isArray(value)) return [];
      return value.flatMap((each) =>
        typeof each === "object" && each !== null && "name" in each && typeof each["name"] === "string"
          ? [each["name"]]
          : [],
      );
    },
  };
}
