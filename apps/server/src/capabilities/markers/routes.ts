import { AddMarker, ChangeMarker, Id, Marker, MarkerHistory, MarkerList, Mentionable } from "@sworn/contract";
import { z } from "zod";
import type { Database, Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertVisible } from "../access/index.ts";
import { addMarker } from "./add-marker.ts";
import { changeMarker } from "./change-marker.ts";
import type { MarkerDeps } from "./keep-version.ts";
import { listMarkers, readMarkerHistory } from "./list-markers.ts";
import { findMentionable } from "./mentions.ts";
import { describeMarkers, type MarkerRow } from "./store.ts";

const IdParam = z.object({ id: Id });
const Page = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(500),
  next: z.string().max(200).optional(),
});
const Name = z.object({
  q: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\0]*$/u)
    .default(""),
});

/** Markers and notes of an item, and who can be named in them. */
export function markerRoutes(deps: MarkerDeps & { readonly database: Database }): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  const shown = async (tx: Tx, principal: Principal, row: MarkerRow): Promise<Marker> =>
    Marker.parse((await describeMarkers(tx, principal, [row]))[0]);
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/markers",
      access: { permission: "marker.read" },
      summary: "Markers and notes of an item, in the order of its time line",
      params: IdParam,
      query: Page,
      answer: MarkerList,
      handle: async ({ principal, params, query: { limit, next } }) => ({
        body: await inAgency(principal, (tx) => listMarkers(tx, deps, principal, params.id, { limit, next })),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/evidence/:id/markers",
      access: { permission: "marker.write" },
      summary: "Add a tag or a note, at a moment, over a range, or about the whole item",
      params: IdParam,
      body: AddMarker,
      answer: Marker,
      handle: async ({ principal, params, body }) => ({
        status: 201,
        body: await inAgency(principal, async (tx) =>
          shown(tx, principal, await addMarker(tx, deps, principal, params.id, body)),
        ),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/mentionable",
      access: { permission: "marker.write" },
      summary: "People who can see the item and can be named in a note on it",
      params: IdParam,
      query: Name,
      answer: Mentionable,
      handle: async ({ principal, params, query }) => ({
        body: await inAgency(principal, async (tx) => {
          await assertVisible(tx, principal, params.id);
          return { items: await findMentionable(tx, principal, params.id, query.q) };
        }),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/markers/:id",
      access: { permission: "marker.write" },
      summary: "Change a marker, or take its removal back (removed: false)",
      params: IdParam,
      body: ChangeMarker,
      answer: Marker,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, async (tx) =>
          shown(tx, principal, await changeMarker(tx, deps, principal, params.id, body)),
        ),
      }),
    }),
    route({
      method: "DELETE",
      path: "/api/v1/markers/:id",
      access: { permission: "marker.write" },
      summary: "Remove a marker; what it said stays in its history",
      params: IdParam,
      answer: Marker,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, async (tx) =>
          shown(tx, principal, await changeMarker(tx, deps, principal, params.id, { removed: true })),
        ),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/markers/:id/history",
      access: { permission: "marker.read" },
      summary: "Every state that a marker had, newest first",
      params: IdParam,
      answer: MarkerHistory,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, (tx) => readMarkerHistory(tx, deps, principal, params.id)),
      }),
    }),
  ];
}
