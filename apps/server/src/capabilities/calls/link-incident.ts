import { type CallIncident, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { seesIncident, visibleCall } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { createIncident, giveIncident } from "../incidents/index.ts";
import type { CallDeps } from "./call-deps.ts";
import { describeCalls } from "./load-matches.ts";

/**
 * Makes an incident of a call (its number, kind, place, time; who answered as people), or joins it to one that is there,
 * and puts what was accepted there. A number whose incident this principal does not see opens nothing: the items wait.
 */
export async function callToIncident(
  tx: Tx,
  deps: CallDeps,
  principal: Principal,
  id: string,
  asked: string | undefined,
): Promise<CallIncident> {
  const rows = await tx
    .selectFrom("sworn.call")
    .selectAll()
    .where("id", "=", id)
    .where(visibleCall(principal))
    .forUpdate()
    .execute();
  const [call] = await describeCalls(tx, principal, rows);
  if (call === undefined) throw new Problem("not-found");
  const number = asked ?? call.number;
  const known = await tx.selectFrom("sworn.incident").select("id").where("number", "=", number).executeTakeFirst();
  const made =
    known === undefined
      ? await createIncident(tx, deps, principal, {
          number,
          kind: call.kind,
          place: call.place,
          lat: call.lat,
          lon: call.lon,
          from: call.from,
          to: call.to,
          people: call.responders.slice(0, 50).map(({ badge, person }) => ({
            role: "answered",
            name: (person === null ? badge : `${person.name} (${badge})`).slice(0, 120),
          })),
          outcomes: [],
        })
      : null;
  const incidentId = made?.id ?? known?.id ?? null;
  const seen = incidentId !== null && (made !== null || (await seesIncident(tx, principal, incidentId)));
  const ids = call.items.filter(({ state }) => state === "accepted").map((item) => item.id);
  const given =
    ids.length === 0 ? null : await giveIncident(tx, deps, principal, { ids, number, how: "call", dryRun: false });
  // A guessed number must not tie the call to papers that nobody here has seen.
  if (seen && rows[0]?.incident_id !== incidentId) {
    await tx.updateTable("sworn.call").set({ incident_id: incidentId }).where("id", "=", id).execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "call.linked",
      subject: { kind: "call", id },
      ...actorOf(principal),
      details: { incident: incidentId, number },
    });
  }
  const shown = seen ? incidentId : null;
  return { incident: { id: shown, number }, made: made !== null, added: given?.changed.length ?? 0 };
}
