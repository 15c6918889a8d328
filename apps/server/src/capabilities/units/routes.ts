import {
  ChangeRestrictedClass,
  ChangeUnit,
  CreateRestrictedClass,
  CreateUnit,
  Id,
  RestrictedClass,
  Unit,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { changeClass, changeMember, createClass, listClasses } from "./classes.ts";
import { changeUnit, createUnit, listUnits } from "./units.ts";
import type { UnitsDeps } from "./units-deps.ts";

const IdParam = z.object({ id: Id });
const MemberParam = z.object({ id: Id, personId: Id });

/** The tree of units, and the restricted classes with their members. */
export function unitsRoutes(deps: UnitsDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/units",
      access: { signedIn: true },
      summary: "Units of the agency",
      answer: z.object({ items: z.array(Unit) }),
      handle: async ({ principal }) => ({ body: { items: await inAgency(principal, listUnits) } }),
    }),
    route({
      method: "POST",
      path: "/api/v1/units",
      access: { permission: "unit.manage" },
      summary: "Add a unit, below another one or at the top",
      body: CreateUnit,
      answer: Unit,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => createUnit(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/units/:id",
      access: { permission: "unit.manage" },
      summary: "Rename, move or archive a unit",
      params: IdParam,
      body: ChangeUnit,
      answer: Unit,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, (tx) => changeUnit(tx, deps, principal, params.id, body)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/restricted-classes",
      access: { permission: "class.list" },
      summary: "Restricted classes with their members",
      answer: z.object({ items: z.array(RestrictedClass) }),
      handle: async ({ principal }) => ({ body: { items: await inAgency(principal, listClasses) } }),
    }),
    route({
      method: "POST",
      path: "/api/v1/restricted-classes",
      access: { permission: "class.manage" },
      summary: "Add a restricted class",
      body: CreateRestrictedClass,
      answer: RestrictedClass,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => createClass(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/restricted-classes/:id",
      access: { permission: "class.manage" },
      summary: "Rename a restricted class, say whom to ask, or archive it; its items stay restricted to it",
      params: IdParam,
      body: ChangeRestrictedClass,
      answer: RestrictedClass,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, (tx) => changeClass(tx, deps, principal, params.id, body)),
      }),
    }),
    ...(["PUT", "DELETE"] as const).map((method) =>
      route({
        method,
        path: "/api/v1/restricted-classes/:id/members/:personId",
        access: { permission: "class.manage" },
        summary: method === "PUT" ? "Add a member" : "Remove a member",
        params: MemberParam,
        answer: RestrictedClass,
        handle: async ({ principal, params: { id, personId } }) => ({
          body: await inAgency(principal, (tx) =>
            changeMember(tx, deps, principal, { classId: id, personId, member: method === "PUT" }),
          ),
        }),
      }),
    ),
  ];
}
