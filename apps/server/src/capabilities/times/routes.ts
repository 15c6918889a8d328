import { CorrectTime, EvidenceTimes, Id } from "@sworn/contract";
import { z } from "zod";
import type { Database } from "../../ports/database.ts";
import { type Route, route } from "../../ports/http.ts";
import { correctTime, type TimeDeps } from "./correct-time.ts";
import { readTimes } from "./read-times.ts";

const IdParam = z.object({ id: Id });

/** When an item was recorded, by whose clock, and what was corrected. */
export function timeRoutes(deps: TimeDeps & { readonly database: Database }): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/times",
      access: { permission: "evidence.list" },
      summary: "Every clock that says when the item was recorded, and every correction",
      params: IdParam,
      answer: EvidenceTimes,
      handle: async ({ principal, params }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) => readTimes(tx, principal, params.id)),
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
      handle: async ({ principal, params, body }) => ({
        status: 201,
        body: await deps.database.forAgency(principal.agencyId, async (tx) => {
          await correctTime(tx, deps, principal, params.id, body);
          return await readTimes(tx, principal, params.id);
        }),
      }),
    }),
  ];
}
