import {
  CaseShares,
  Id,
  MadeShare,
  MakeShare,
  Recipient,
  RevokeShare,
  Share,
  SharedWithMeList,
  ShareList,
  ShareQuery,
  SharesEnded,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertVisible } from "../access/index.ts";
import { endCaseShares, readCaseShares } from "./case-shares.ts";
import { makeShare } from "./make-share.ts";
import { revokeShare } from "./revoke-share.ts";
import type { SharingDeps } from "./sharing-deps.ts";
import { listRecipients, listSharedWithMe, listShares, readShare } from "./store.ts";

const IdParam = z.object({ id: Id });

/** What is shared with people outside: made, looked at and ended by the agency; told to those who got it. */
export function sharingRoutes(deps: SharingDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "POST",
      path: "/api/v1/shares",
      access: { permission: "share.make" },
      summary: "Share items with people of the prosecution or the defence until a day; dryRun says what would happen",
      body: MakeShare,
      answer: MadeShare,
      handle: async ({ principal, body }) => {
        const made = await inAgency(principal, (tx) => makeShare(tx, deps, principal, body));
        return { status: made.shareId === null ? 200 : 201, body: made };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/shares",
      access: { permission: "share.list" },
      summary: "Who outside can see what: shares that hold an item you may see, newest first",
      query: ShareQuery,
      answer: ShareList,
      handle: async ({ principal, query }) => ({
        body: await inAgency(principal, async (tx) => {
          if (query.evidence !== undefined) await assertVisible(tx, principal, query.evidence);
          return await listShares(tx, principal, query, deps.clock.now());
        }),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/shares/recipients",
      access: { permission: "share.make" },
      summary: "People of the prosecution and the defence who can sign in here",
      answer: z.object({ items: z.array(Recipient) }),
      handle: async ({ principal }) => ({ body: { items: await inAgency(principal, listRecipients) } }),
    }),
    route({
      method: "GET",
      path: "/api/v1/shares/:id",
      access: { permission: "share.list" },
      summary: "One share",
      params: IdParam,
      answer: Share,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, (tx) => readShare(tx, principal, params.id, deps.clock.now())),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/shares/:id/revoke",
      access: { permission: "share.revoke" },
      summary: "End a share at once, with a reason",
      params: IdParam,
      body: RevokeShare,
      answer: Share,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, async (tx) => {
          await revokeShare(tx, deps, principal, params.id, body.reason);
          return await readShare(tx, principal, params.id, deps.clock.now());
        }),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/cases/:id/shares",
      access: { permission: "share.list" },
      summary: "Who outside has what of a case, and what of it is in no share that lasts",
      params: IdParam,
      answer: CaseShares,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, (tx) => readCaseShares(tx, deps, principal, params.id)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/cases/:id/shares/revoke",
      access: { permission: "share.revoke" },
      summary: "End every share of a case at once, with a reason",
      params: IdParam,
      body: RevokeShare,
      answer: SharesEnded,
      handle: async ({ principal, params, body }) => ({
        body: { ended: await inAgency(principal, (tx) => endCaseShares(tx, deps, principal, params.id, body.reason)) },
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/shared-with-me",
      access: { permission: "evidence.list" },
      summary: "What is shared with you now: by whom, until when, what you may do",
      query: z.object({ evidence: Id.optional() }),
      answer: SharedWithMeList,
      handle: async ({ principal, query }) => ({
        body: {
          items: await inAgency(principal, async (tx) => {
            if (query.evidence !== undefined) await assertVisible(tx, principal, query.evidence);
            return await listSharedWithMe(tx, principal, query.evidence);
          }),
        },
      }),
    }),
  ];
}
