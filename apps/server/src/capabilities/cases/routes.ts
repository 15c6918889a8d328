import {
  Case,
  CaseList,
  ChangeCase,
  ChangeContents,
  ContentsAnswer,
  CreateCase,
  Id,
  IncidentList,
  MatterFilter,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertSeesCase } from "../access/index.ts";
import { actorOf, appendOncePerQuarterHour } from "../custody/index.ts";
import { type IncidentDeps, listIncidentsOfCase, paperRoutes } from "../incidents/index.ts";
import { caseMatter } from "./case-evidence.ts";
import { changeContents } from "./contents.ts";
import { listCases, readCase } from "./read-cases.ts";
import { changeCase, createCase } from "./write-case.ts";

const params = z.object({ id: Id });

/** Cases, what they gather, and their papers. */
export function caseRoutes(deps: IncidentDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/cases",
      access: { permission: "case.list" },
      summary: "Cases you may see, newest first",
      query: MatterFilter,
      answer: CaseList,
      handle: async ({ principal, query }) => ({
        body: await inAgency(principal, (tx) => listCases(tx, principal, query)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/cases",
      access: { permission: "case.manage" },
      summary: "Open a case",
      body: CreateCase,
      answer: Case,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => createCase(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/cases/:id",
      access: { permission: "case.list" },
      summary: "One case; that it was read is logged",
      params,
      answer: Case,
      handle: async ({ principal, params: { id } }) => ({
        body: await inAgency(principal, async (tx) => {
          const found = await readCase(tx, principal, id);
          await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
            kind: "case.viewed",
            subject: { kind: "case", id },
            ...actorOf(principal),
          });
          return found;
        }),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/cases/:id",
      access: { permission: "case.manage" },
      summary: "Change what a case says, close it or open it again",
      params,
      body: ChangeCase,
      answer: Case,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => changeCase(tx, deps, principal, id, body)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/cases/:id/incidents",
      access: { permission: "case.list" },
      summary: "Incidents of the case that you may see",
      params,
      answer: IncidentList,
      handle: async ({ principal, params: { id } }) => ({
        body: await inAgency(principal, async (tx) => {
          await assertSeesCase(tx, principal, id);
          return { items: await listIncidentsOfCase(tx, principal, id), next: null };
        }),
      }),
    }),
    ...(["add", "remove"] as const).map((verb) =>
      route({
        method: "POST",
        path: `/api/v1/cases/:id/contents/${verb}`,
        access: { permission: "case.manage" },
        summary: verb === "add" ? "Put items and incidents into a case" : "Take items and incidents out of a case",
        params,
        body: ChangeContents,
        answer: ContentsAnswer,
        handle: async ({ principal, params: { id }, body }) => ({
          body: await inAgency(principal, (tx) => changeContents(tx, deps, principal, id, body, verb === "add")),
        }),
      }),
    ),
    ...paperRoutes(deps, caseMatter),
  ];
}
