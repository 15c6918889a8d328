import { AskRendering, Family, Id, Problem, Rendering, RenderingList } from "@sworn/contract";
import { z } from "zod";
import type { Database, Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertVisible } from "../access/index.ts";
import { type AskDeps, askRendering, cancelRendering, retryRendering } from "./ask-rendering.ts";
import { readFamily } from "./read-family.ts";
import { assertKnows, describeRenderings, findRendering, mayKnow, type RenderingRow } from "./store.ts";

const IdParam = z.object({ id: Id });
/** The newest of an item: who makes more looks at its family. */
const SHOWN = 20;

/** Stills and clips: asked for, watched, stopped, tried again; and the tree they make. */
export function derivativeRoutes(deps: AskDeps & { readonly database: Database }): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  const shown = async (tx: Tx, row: RenderingRow): Promise<Rendering> =>
    Rendering.parse((await describeRenderings(tx, [row]))[0]);
  return [
    route({
      method: "POST",
      path: "/api/v1/evidence/:id/renderings",
      access: { permission: "derivative.create" },
      summary: "Make a still of a moment or a clip of a range; it becomes an item of its own",
      params: IdParam,
      body: AskRendering,
      answer: Rendering,
      handle: async ({ principal, params, body }) => ({
        status: 202,
        body: await inAgency(principal, async (tx) =>
          shown(tx, await askRendering(tx, deps, principal, params.id, body)),
        ),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/renderings",
      access: { permission: "derivative.create" },
      summary: "The newest stills and clips that were asked for of an item, and how far they are",
      params: IdParam,
      answer: RenderingList,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, async (tx) => {
          await assertVisible(tx, principal, params.id);
          const rows = await tx
            .selectFrom("sworn.rendering")
            .selectAll()
            .where("source_id", "=", params.id)
            .where(mayKnow(principal))
            .orderBy("asked_at", "desc")
            .orderBy("id")
            .limit(SHOWN)
            .execute();
          return { items: await describeRenderings(tx, rows) };
        }),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/renderings/:id",
      access: { permission: "derivative.create" },
      summary: "How far a still or clip is",
      params: IdParam,
      answer: Rendering,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, async (tx) => {
          const row = await findRendering(tx, params.id);
          if (row === undefined) throw new Problem("not-found");
          await assertKnows(tx, principal, row.id);
          await assertVisible(tx, principal, row.source_id);
          return await shown(tx, row);
        }),
      }),
    }),
    ...(
      [
        ["cancel", cancelRendering, "Stop making it; nothing is kept"],
        ["retry", retryRendering, "Try again what failed or was stopped"],
      ] as const
    ).map(([verb, work, summary]) =>
      route({
        method: "POST",
        path: `/api/v1/renderings/:id/${verb}`,
        access: { permission: "derivative.create" },
        summary,
        params: IdParam,
        answer: Rendering,
        handle: async ({ principal, params }) => ({
          body: await inAgency(principal, async (tx) => shown(tx, await work(tx, deps, principal, params.id))),
        }),
      }),
    ),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/family",
      access: { permission: "evidence.list" },
      summary: "The original and what was made from it, as far as you may see it",
      params: IdParam,
      answer: Family,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, (tx) => readFamily(tx, principal, params.id)),
      }),
    }),
  ];
}
