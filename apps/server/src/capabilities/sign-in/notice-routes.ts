import { AcceptNotice, FrontDoor } from "@sworn/contract";
import { type Route, route } from "../../ports/http.ts";
import { acceptNotice, readFrontDoor } from "./notice.ts";
import type { ProviderDeps } from "./enter-by-provider.ts";
import type { SessionDeps } from "./own-sessions.ts";

/** The notice for users of this system, before the sign-in and after it. */
export function noticeRoutes(deps: SessionDeps & Pick<ProviderDeps, "provider">): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/sign-in",
      access: { public: "the notice for users is read before anybody signs in; it says nothing of accounts" },
      summary:
        "What the sign-in page shows before anybody is known: the agencies' notices for users, and its other way in",
      answer: FrontDoor,
      handle: async () => ({ body: await readFrontDoor(deps) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/session/notice",
      access: { signedIn: true },
      summary: "Accept your agency's notice for users, in the version you read",
      whileWaiting: "always",
      body: AcceptNotice,
      handle: async ({ principal, body }) => {
        await acceptNotice(deps, principal, body.version);
        return { status: 204 };
      },
    }),
  ];
}
