import { SignInNoticeList, SignInStatePage } from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import { type LockOutDeps, listNotices, listStates, seeNotice, unlockPerson } from "./lock-outs.ts";

const IdParam = z.object({ id: z.uuid() });
const Page = z.object({ cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(500).default(200) });

/** Lock-outs: what one is told of one's own account, and what who manages people sees and ends. */
export function lockOutRoutes(deps: LockOutDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/account/notices",
      access: { signedIn: true },
      summary: "What happened to your own account and you have not acknowledged yet",
      answer: SignInNoticeList,
      handle: async ({ principal }) => ({
        body: { items: await deps.database.forAgency(principal.agencyId, (tx) => listNotices(tx, principal)) },
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/account/notices/:id/seen",
      access: { signedIn: true },
      summary: "Acknowledge a notice about your own account, and those before it",
      params: IdParam,
      handle: async ({ principal, params }) => {
        await deps.database.forAgency(principal.agencyId, (tx) => seeNotice(tx, deps, principal, params.id));
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/sign-in/states",
      access: { permission: "person.manage" },
      summary: "Whose account is locked after too many wrong tries, and who has a second factor",
      query: Page,
      answer: SignInStatePage,
      handle: async ({ principal, query }) => ({ body: await listStates(deps, principal, query) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/people/:id/unlock",
      access: { permission: "person.manage" },
      summary: "Open a locked account again before its time",
      params: IdParam,
      handle: async ({ principal, params }) => {
        await unlockPerson(deps, principal, params.id);
        return { status: 204 };
      },
    }),
  ];
}
