import {
  ChooseActing,
  Delegation,
  DelegationChoices,
  DelegationList,
  DelegationQuery,
  EndDelegation,
  Id,
  MakeDelegation,
  Problem,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { readLent } from "../access/index.ts";
import { actingCookie } from "../identity/index.ts";
import {
  type DelegationDeps,
  endDelegation,
  listChoices,
  listDelegations,
  makeDelegation,
  readDelegation,
} from "./delegations.ts";

const params = z.object({ id: Id });
const Name = z.object({
  q: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\0]*$/u)
    .default(""),
});

/** Reach that is lent, and acting under it. `secure`: whether this server is reached over TLS. */
export function delegationRoutes(deps: DelegationDeps & { readonly publicUrl: () => string }): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/delegations",
      access: { signedIn: true },
      summary: "Reach that you lent or were lent; all of the agency for who manages people; newest first",
      query: DelegationQuery,
      answer: DelegationList,
      handle: async ({ principal, query }) => ({
        body: await inAgency(principal, (tx) => listDelegations(tx, deps, principal, query)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/delegations",
      access: { permission: "reach.lend" },
      summary: "Lend a colleague your reach: named roles, perhaps one unit, until a day",
      body: MakeDelegation,
      answer: Delegation,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => makeDelegation(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/delegations/choices",
      access: { permission: "reach.lend" },
      summary: "Colleagues to whom reach can be lent, by a part of their name",
      query: Name,
      answer: DelegationChoices,
      handle: async ({ principal, query }) => ({
        body: { items: await inAgency(principal, (tx) => listChoices(tx, principal, query.q)) },
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/delegations/:id",
      access: { signedIn: true },
      summary: "One delegation",
      params,
      answer: Delegation,
      handle: async ({ principal, params: { id } }) => ({
        body: await inAgency(principal, (tx) => readDelegation(tx, deps, principal, id)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/delegations/:id/end",
      access: { signedIn: true },
      summary: "End a delegation early, at once: by who gave or got it, or who manages people",
      params,
      body: EndDelegation,
      answer: Delegation,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => endDelegation(tx, deps, principal, id, body.reason)),
      }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/acting",
      access: { signedIn: true },
      summary: "In this browser, act for the one who lent you their reach, or as yourself again (null)",
      body: ChooseActing,
      handle: async ({ principal, body: { delegationId } }) => {
        const { personId } = principal;
        if (personId === null) throw new Problem("not-allowed", "A key acts for nobody.");
        if (delegationId !== null) {
          const lent = await inAgency(principal, (tx) => readLent(tx, delegationId, personId, deps.clock.now()));
          if (lent === null) throw new Problem("not-found");
        }
        const secure = deps.publicUrl().startsWith("https:");
        return { status: 204, headers: { "set-cookie": actingCookie(delegationId, secure) } };
      },
    }),
  ];
}
