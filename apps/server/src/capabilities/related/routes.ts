import { Id, RelatedFootage } from "@sworn/contract";
import { z } from "zod";
import type { Database } from "../../ports/database.ts";
import { type Route, route } from "../../ports/http.ts";
import { findRelated } from "./find-related.ts";

export function relatedRoutes(deps: { readonly database: Database }): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/related",
      access: { permission: "evidence.list" },
      summary: "Other footage of the same time and place, the likeliest first",
      params: z.object({ id: Id }),
      answer: RelatedFootage,
      handle: async ({ principal, params }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) => findRelated(tx, principal, params.id)),
      }),
    }),
  ];
}
