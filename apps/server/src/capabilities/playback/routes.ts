import { Id, Problem } from "@sworn/contract";
import { z } from "zod";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertViewable } from "../access/index.ts";
import { writePlaylist } from "./rules.ts";
import { type PlaybackDeps, serveMedia, servePoster } from "./serve-media.ts";
import { stripRoutes } from "./strip-routes.ts";
import { eachPlayable, findItem, findPlayable } from "./store.ts";

const params = z.object({ id: Id });
const query = z.object({
  take: z.coerce.number().int().min(0).max(32_767).optional(),
  download: z.enum(["0", "1"]).optional(),
});

/** Original, poster, playlist and strips of one item. */
export function playbackRoutes(deps: PlaybackDeps): Route[] {
  return [
    ...stripRoutes(deps),
    ...(["GET", "HEAD"] as const).map((method) =>
      route({
        method,
        path: "/api/v1/evidence/:id/media",
        access: { permission: "evidence.view" },
        summary: "The original's exact bytes, with ranges; ?take=k of several, ?download=1 to keep",
        params,
        query,
        handle: ({ principal, params: { id }, query: { take, download }, headers }) =>
          serveMedia(deps, principal, { id, take, download: download === "1", headers, withBody: method === "GET" }),
      }),
    ),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/poster",
      access: { permission: "evidence.list" },
      summary: "A still picture of the item (JPEG)",
      params,
      handle: ({ principal, params: { id }, headers }) => servePoster(deps, principal, id, headers["if-none-match"]),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/playlist.m3u8",
      access: { permission: "evidence.view" },
      summary: "HLS playlist over all parts of a recording, by byte ranges of the originals",
      params,
      handle: async ({ principal, params: { id } }) => ({
        headers: { "content-type": "application/vnd.apple.mpegurl", "cache-control": "private, no-store" },
        body: await playlistOf(deps, principal, id),
      }),
    }),
  ];
}

async function playlistOf(deps: PlaybackDeps, principal: Principal, id: string): Promise<AsyncIterable<Uint8Array>> {
  const { database } = deps;
  const takes = await database.forAgency(principal.agencyId, async (tx) => {
    await assertViewable(tx, principal, id);
    const item = await findItem(tx, id);
    if (item?.state === "live" || item?.state === "sealing") throw new Problem("not-stored-yet");
    return await findPlayable(tx, id);
  });
  if (takes.length === 0) throw new Problem("not-found", "This item was not recorded in fragments.");
  return writePlaylist(
    takes.map((take) => ({ ...take, fragments: eachPlayable(database, principal.agencyId, take.id) })),
  );
}
