import { EvidenceStrips, Id } from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import type { PlaybackDeps } from "./serve-media.ts";
import { describeStrips, serveStoryboard } from "./serve-strips.ts";

const params = z.object({ id: Id });
const query = z.object({ take: z.coerce.number().int().min(0).max(32_767).optional() });

/** Pictures and loudness over the time of one item, for scrubbing. */
export function stripRoutes(deps: PlaybackDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/storyboard",
      access: { permission: "evidence.view" },
      summary: "Pictures over the whole length in one JPEG; ?take=k of several. Logged as a preview",
      params,
      query,
      handle: ({ principal, params: { id }, query: { take }, headers }) =>
        serveStoryboard(deps, principal, { id, take }, headers["if-none-match"]),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/strips",
      access: { permission: "evidence.view" },
      summary: "Where the storyboard's tiles stand in time, and the loudness; ?take=k of several",
      params,
      query,
      answer: EvidenceStrips,
      handle: async ({ principal, params: { id }, query: { take } }) => ({
        headers: { "cache-control": "private, no-store" },
        body: await describeStrips(deps, principal, { id, take }),
      }),
    }),
  ];
}
