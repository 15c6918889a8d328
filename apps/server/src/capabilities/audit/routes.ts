import { AuditFilter, AuditNames, AuditPage, Id, Problem } from "@sworn/contract";
import { z } from "zod";
import { route, type Route } from "../../ports/http.ts";
import { type AuditDeps, exportCsv, exportPdf, searchAudit } from "./audit.ts";
import { findNames } from "./find-names.ts";
import { limitExports, thenLeave } from "./limit-exports.ts";

const Page = AuditFilter.extend({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  next: z.string().max(200).optional(),
});
const Export = AuditFilter.extend({ format: z.enum(["csv", "pdf"]) });
const ids = z.preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(Id).max(60));
const Names = z
  .object({ ids: ids.optional(), q: z.string().trim().min(1).max(100).optional() })
  .refine((query) => (query.ids === undefined) !== (query.q === undefined), "give ids or q");

/** The statement's time is over: said as what it is, so that a person knows what to do. */
async function within<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "57014")
      throw new Problem("busy", "This search reads too much. Narrow it by time, person or item.", { cause: error });
    throw error;
  });
}

/** Who saw, changed and exported what. */
export function auditRoutes(deps: AuditDeps): Route[] {
  const access = { permission: "audit.read" } as const;
  const enter = limitExports();
  return [
    route({
      method: "GET",
      path: "/api/v1/audit",
      access,
      summary: "Who saw, changed and exported what, newest first; that it was asked is logged",
      query: Page,
      answer: AuditPage,
      handle: async ({ principal, query: { limit, next, ...filter } }) => ({
        body: await within(searchAudit(deps, principal, filter, { limit, next })),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/audit/export",
      access,
      summary: "The same as CSV or PDF; that it was exported is logged",
      query: Export,
      handle: async ({ principal, signal, query: { format, ...filter } }) => {
        const leave = enter(principal, signal);
        const day = new Date(deps.clock.now()).toISOString().slice(0, 10);
        const headers = {
          "content-type": format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/pdf",
          "content-disposition": `attachment; filename="audit-${day}.${format}"`,
        };
        try {
          if (format === "csv")
            return { headers, body: thenLeave(await within(exportCsv(deps, principal, filter)), leave) };
          const body = await within(exportPdf(deps, principal, filter));
          leave();
          return { headers, body };
        } catch (error) {
          leave();
          throw error;
        }
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/audit/names",
      access,
      summary: "People, cameras and keys by a part of their name, or what ids stand for",
      query: Names,
      answer: AuditNames,
      handle: async ({ principal, query }) => ({
        body: { items: await deps.database.forAgency(principal.agencyId, (tx) => findNames(tx, principal, query)) },
      }),
    }),
  ];
}
