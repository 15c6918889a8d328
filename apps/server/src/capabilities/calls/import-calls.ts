import type { ImportAnswer, ImportRow, ImportTable, RowError } from "@sworn/contract";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { answerOf, errorOf, keepImport, openImport, type Row, RowRefusal, writes } from "../imports/index.ts";
import type { CallDeps } from "./call-deps.ts";
import { planCalls, type Sent, writeCalls } from "./put-calls.ts";

const LONGEST_MS = 31 * 86_400_000;

/** Calls from a table of dispatch's: added, changed with both states kept, or left as they are. */
export async function importCalls(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  request: z.output<typeof ImportTable>,
): Promise<ImportAnswer> {
  const opened = await openImport(tx, "calls", request, readCall);
  const errors: RowError[] = [...opened.errors];
  const lines = new Map<string, number>();
  const sent: Sent[] = [];
  for (const { line, value } of opened.good) {
    // The first row of a number counts; which of two is right is not for us to say.
    const known = lines.has(value.number);
    if (known) errors.push(errorOf(line, new RowRefusal("twice", "number", value.number)));
    else {
      lines.set(value.number, line);
      sent.push(value);
    }
  }
  const plans = await planCalls(tx, sent, !request.dryRun);
  const rows = plans.map(({ number, outcome, facts, changes }): ImportRow => ({
    line: lines.get(number) ?? 0,
    label: number,
    outcome,
    says: [
      { field: "from", value: facts.from },
      { field: "to", value: facts.to },
      { field: "badges", value: facts.answered.map(({ badge }) => badge).join(" ") },
      { field: "kind", value: facts.kind },
      { field: "place", value: facts.place },
    ],
    changes,
  }));
  if (writes(opened, rows)) {
    await keepImport(tx, deps, principal, opened, rows, errors);
    await writeCalls(tx, deps, principal, plans, opened.id);
  }
  return answerOf(opened, rows, errors, { at: deps.clock.now() });
}

function readCall(row: Row): Sent {
  const number = row.needed("number", 60);
  const [from, to] = [row.time("from"), row.time("to")];
  if (to < from || to.getTime() - from.getTime() > LONGEST_MS) throw new RowRefusal("reversed", "to", to.toISOString());
  const [lat, lon] = [row.number("lat", 90), row.number("lon", 180)];
  if ((lat === null) !== (lon === null)) throw new RowRefusal("coordinate", lat === null ? "lat" : "lon");
  const said = row.text("badges", 4000);
  const badges = said.split(/[\s,;/|]+/u).filter((badge) => badge !== "");
  if (badges.length > 100 || badges.some((badge) => badge.length > 40)) throw new RowRefusal("badges", "badges", said);
  return {
    number,
    from: from.toISOString(),
    to: to.toISOString(),
    kind: row.text("kind", 100),
    place: row.text("place", 300),
    lat,
    lon,
    badges,
  };
}
