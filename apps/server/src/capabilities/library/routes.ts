import {
  CustodyHistory,
  Evidence,
  EvidenceFacets,
  EvidenceFilter,
  EvidenceHits,
  EvidenceList,
  EvidenceTotals,
  EvidenceMap,
  facetNames,
  HistoryFilter,
  HitsQuery,
  MapQuery,
  Problem,
} from "@sworn/contract";
import { z } from "zod";
import { route, type Route } from "../../ports/http.ts";
import { HISTORY_PAGE } from "../custody/index.ts";
import { countFacets } from "./facets.ts";
import { Filter } from "./filter.ts";
import { countEvidence, findEvidence, readEvidence } from "./find.ts";
import { mapEvidence } from "./map.ts";
import { findHits } from "./match-text.ts";
import { readCustody, type ReadCustodyDeps } from "./read-custody.ts";

export type LibraryDeps = ReadCustodyDeps;

const HistoryQuery = HistoryFilter.extend({
  next: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(HISTORY_PAGE).optional(),
});
const IdParam = z.object({ id: z.uuid() });

/** The statement's time is over: said as what it is, so that a person knows what to do. */
async function within<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "57014")
      throw new Problem("busy", "This search reads too much. Narrow it by time, person or unit.", { cause: error });
    throw error;
  });
}

export function libraryRoutes(deps: LibraryDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence",
      access: { permission: "evidence.list" },
      summary: "Evidence you may see, newest first",
      query: Filter,
      answer: EvidenceList,
      handle: async ({ principal, query }) => ({
        body: await within(deps.database.forAgency(principal.agencyId, (tx) => findEvidence(tx, principal, query))),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/totals",
      access: { permission: "evidence.list" },
      summary: "How many, how long, how large, for the same filter",
      query: EvidenceFilter,
      answer: EvidenceTotals,
      handle: async ({ principal, query }) => ({
        body: await within(deps.database.forAgency(principal.agencyId, (tx) => countEvidence(tx, principal, query))),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/facets",
      access: { permission: "evidence.list" },
      summary: "How many items of a filter have which kind, unit, category and so on",
      query: EvidenceFilter,
      answer: EvidenceFacets,
      handle: async ({ principal, query }) => ({
        body: await within(
          deps.database.forAgency(principal.agencyId, (tx) => countFacets(tx, principal, query, facetNames)),
        ),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/hits",
      access: { permission: "marker.read" },
      summary: "Where notes of these items hold the words of a search, each with its line and moment",
      query: HitsQuery,
      answer: EvidenceHits,
      handle: async ({ principal, query }) => ({
        body: await within(deps.database.forAgency(principal.agencyId, (tx) => findHits(tx, deps, principal, query))),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/map",
      access: { permission: "evidence.view" },
      summary: "Where the newest items of a filter lie, gathered in cells of the part of the map in view",
      query: MapQuery,
      answer: EvidenceMap,
      handle: async ({ principal, query }) => ({
        body: await within(deps.database.forAgency(principal.agencyId, (tx) => mapEvidence(tx, principal, query))),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id",
      access: { permission: "evidence.list" },
      summary: "One item with its facts",
      params: IdParam,
      answer: Evidence,
      handle: async ({ principal, params }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) => readEvidence(tx, principal, params.id)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/custody",
      access: { permission: "evidence.custody" },
      summary: "An item's history, or some of it, with the proofs that the log holds it, page by page",
      params: IdParam,
      query: HistoryQuery,
      answer: CustodyHistory,
      handle: async ({ principal, params, query }) => ({ body: await readCustody(deps, principal, params.id, query) }),
    }),
  ];
}
