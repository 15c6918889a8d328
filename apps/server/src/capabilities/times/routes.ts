import { CorrectTime, EvidenceTimes, Id } from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import { correctTime, type TimeDeps } from "./correct-time.ts";
import { readTimes, type ReadTimesDeps } from "./read-times.ts";

const IdParam = z.object({ id: Id });

/** When an item was recorded, by whose clock, and what was corrected. */
export function timeRoutes(deps: TimeDeps & ReadTimesDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/times",
      access: { permission: "evidence.list" },
      summary: "Every clock that says when the item was recorded, and every correction",
      params: IdParam,
      answer: EvidenceTimes,
      handle: async ({ principal, params }) => ({
        body: await readTimes(deps, principal, params.id),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/evidence/:id/times",
      access: { permission: "time.correct" },
      summary: "Correct the item's time by an offset, with a reason; nothing is overwritten",
      params: IdParam,
      body: CorrectTime,
      answer: EvidenceTimes,
      handle: async ({ principal, params, body }) => {
        await deps.database.forAgency(principal.agencyId, (tx) => correctTime(tx, deps, principal, params.id, body));
        return { status: 201, body: await readTimes(deps, principal, params.id) };
      },
    }),
  ];
}
