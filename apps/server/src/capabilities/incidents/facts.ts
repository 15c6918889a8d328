import { Involved, Outcome } from "@sworn/contract";
import { canonicalJson, toHex } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { IncidentTable, MatterTaskTable } from "../../ports/matter-tables.ts";

/** What the log holds of words: their hash. Whoever has the words can compare. */
export const hashOf = (value: unknown): string => toHex(nodeSha256(Buffer.from(canonicalJson(value))));

export const peopleOf = (value: unknown): z.output<typeof Involved>[] => z.array(Involved).catch([]).parse(value);
export const outcomesOf = (value: unknown): z.output<typeof Outcome>[] => z.array(Outcome).catch([]).parse(value);

/** Everything that an incident says of itself, in the form whose hash its events carry. */
export function factsOfIncident(
  row: Omit<Selectable<IncidentTable>, "id" | "agency_id" | "created_by" | "created_at">,
): {
  readonly [name: string]: unknown;
} {
  return {
    number: row.number,
    kind: row.kind,
    place: row.place,
    lat: row.lat,
    lon: row.lon,
    from: row.from_at?.toISOString() ?? null,
    to: row.to_at?.toISOString() ?? null,
    people: row.people,
    outcomes: row.outcomes,
    unit: row.unit_id,
    state: row.state,
  };
}

export function factsOfTask(row: Pick<Selectable<MatterTaskTable>, "words" | "owner_id" | "due_on" | "done_at">): {
  readonly [name: string]: unknown;
} {
  return { words: row.words, owner: row.owner_id, dueOn: row.due_on, done: row.done_at !== null };
}
