import {
  AddToIncident,
  ChangeIncident,
  CreateIncident,
  GiveIncident,
  Id,
  Incident,
  IncidentList,
  IncidentsOfItem,
  MatterFilter,
  MembershipAnswer,
  Suggestions,
  TakeFromIncident,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertVisible, visibleIncident } from "../access/index.ts";
import { actorOf, appendOncePerQuarterHour } from "../custody/index.ts";
import type { IncidentDeps } from "./incident-deps.ts";
import { incidentMatter } from "./matter.ts";
import { addToIncident, giveIncident, takeFromIncident } from "./membership.ts";
import { paperRoutes } from "./paper-routes.ts";
import { listIncidents, readIncident } from "./read-incidents.ts";
import { suggest } from "./suggest.ts";
import { changeIncident, createIncident } from "./write-incident.ts";

const params = z.object({ id: Id });

/** Incidents, what belongs to them, and their papers. */
export function incidentRoutes(deps: IncidentDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/incidents",
      access: { permission: "incident.list" },
      summary: "Incidents you may see, newest first",
      query: MatterFilter,
      answer: IncidentList,
      handle: async ({ principal, query }) => ({
        body: await inAgency(principal, (tx) => listIncidents(tx, principal, query)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/incidents",
      access: { permission: "incident.add" },
      summary: "Open an incident",
      body: CreateIncident,
      answer: Incident,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, async (tx) => {
          const { id } = await createIncident(tx, deps, principal, body);
          return await readIncident(tx, principal, id);
        }),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/incidents/:id",
      access: { permission: "incident.list" },
      summary: "One incident; that it was read is logged",
      params,
      answer: Incident,
      handle: async ({ principal, params: { id } }) => ({
        body: await inAgency(principal, async (tx) => {
          const incident = await readIncident(tx, principal, id);
          await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
            kind: "incident.viewed",
            subject: { kind: "incident", id },
            ...actorOf(principal),
          });
          return incident;
        }),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/incidents/:id",
      access: { permission: "incident.manage" },
      summary: "Change what an incident says, close it or open it again",
      params,
      body: ChangeIncident,
      answer: Incident,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => changeIncident(tx, deps, principal, id, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/incidents/:id/evidence",
      access: { permission: "incident.add" },
      summary: "Add items to an incident, or confirm those that were given its number; dryRun says what would happen",
      params,
      body: AddToIncident,
      answer: MembershipAnswer,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => addToIncident(tx, deps, principal, id, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/incidents/:id/evidence/remove",
      access: { permission: "incident.add" },
      summary: "Take items out of an incident; who may only add takes out what they added",
      params,
      body: TakeFromIncident,
      answer: MembershipAnswer,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => takeFromIncident(tx, deps, principal, id, body.ids)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/evidence/incident",
      access: { permission: "incident.add" },
      summary:
        "Give items the number of an incident, which is made where it is not there; dryRun says what would happen",
      body: GiveIncident,
      answer: MembershipAnswer,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => giveIncident(tx, deps, principal, { ...body, how: "number" })),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/incidents/:id/suggestions",
      access: { permission: "incident.list" },
      summary: "Items that may belong to an incident, with the reasons",
      params,
      answer: Suggestions,
      handle: async ({ principal, params: { id } }) => ({
        body: await inAgency(principal, (tx) => suggest(tx, principal, id)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/incidents",
      access: { permission: "incident.list" },
      summary: "Incidents that this item belongs to, as far as you see them",
      params,
      answer: IncidentsOfItem,
      handle: async ({ principal, params: { id } }) => ({
        body: { items: await inAgency(principal, (tx) => incidentsOfItem(tx, principal, id)) },
      }),
    }),
    ...paperRoutes(deps, incidentMatter),
  ];
}

async function incidentsOfItem(
  tx: Tx,
  principal: Principal,
  id: string,
): Promise<z.output<typeof IncidentsOfItem>["items"]> {
  await assertVisible(tx, principal, id);
  return await tx
    .selectFrom("sworn.incident")
    .innerJoin("sworn.incident_evidence as m", "m.incident_id", "sworn.incident.id")
    .select(["sworn.incident.id", "sworn.incident.number", "sworn.incident.kind", "m.how"])
    .where("m.evidence_id", "=", id)
    .where(visibleIncident(principal))
    .orderBy("m.added_at")
    .orderBy("sworn.incident.id")
    .limit(50)
    .execute();
}
