import { Problem, TrackFeature } from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, route, type Route } from "../../ports/http.ts";
import { actorOf, type AppendDeps, appendOncePerQuarterHour } from "../custody/index.ts";
import { openFile, type ReadDeps } from "../intake/index.ts";
import { findTrack } from "./store.ts";
import { linesFrom, toFeature } from "./to-feature.ts";

export interface PositionRoutesDeps extends ReadDeps {
  readonly custody: AppendDeps;
  /** Throws `not-found` for what this principal may not see. */
  readonly assertVisible: (tx: Tx, principal: Principal, evidenceId: string) => Promise<void>;
}

export function positionRoutes(deps: PositionRoutesDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/track",
      access: { permission: "evidence.view" },
      summary: "The path of an item's take as GeoJSON, with times and offsets per point",
      params: z.object({ id: z.uuid() }),
      query: z.object({ take: z.coerce.number().int().min(0).max(9999).optional() }),
      answer: TrackFeature,
      handle: async ({ principal, params: { id }, query: { take } }) => {
        const track = await deps.database.forAgency(principal.agencyId, async (tx) => {
          await deps.assertVisible(tx, principal, id);
          const found = await findTrack(tx, id, take);
          // Where somebody was is as private as the picture: looking is the same event.
          if (found !== undefined)
            await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
              kind: "evidence.viewed",
              subject: { kind: "evidence", id },
              ...actorOf(principal),
            });
          return found;
        });
        if (track === undefined) throw new Problem("not-found", "There is no path here, or it is not yours to see.");
        const { bytes } = await openFile(deps, principal.agencyId, track.fileId);
        const sha256 = Buffer.from(track.sha256 ?? []).toString("hex");
        return {
          headers: { "cache-control": "private, no-cache" },
          body: await toFeature(linesFrom(bytes), { take: track.take, source: track.source, sha256 }),
        };
      },
    }),
  ];
}
