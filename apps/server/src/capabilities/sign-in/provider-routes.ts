import { BeginByProvider, ProviderAddress } from "@sworn/contract";
import { type Route, route } from "../../ports/http.ts";
import { caller } from "./door-routes.ts";
import type { DoorDeps } from "./enter.ts";
import { BACK, beginByProvider, enterByProvider, type ProviderDeps } from "./enter-by-provider.ts";

/** Signing in at the organisation's own provider: the way there, and the one address to come back to. */
export function providerRoutes(deps: DoorDeps & ProviderDeps): Route[] {
  return [
    route({
      method: "POST",
      path: "/api/v1/sign-in/provider",
      access: { public: "signing in begins here; it says where to go and nothing of accounts" },
      ownPagesOnly: true,
      summary: "Where to go to sign in at your organisation's own provider",
      body: BeginByProvider,
      answer: ProviderAddress,
      handle: async (context) => {
        const { url, cookies } = await beginByProvider(deps, caller(context), context.body.to);
        return { headers: { "set-cookie": cookies }, body: { url } };
      },
    }),
    route({
      method: "GET",
      path: BACK,
      access: { public: "who comes back is nobody yet; what they bring is held against what their browser began with" },
      summary: "Where the provider sends a browser back to; it goes on to the page that was asked for, or to why not",
      handle: async (context) => {
        const { searchParams } = new URL(context.raw.url ?? "/", "http://here");
        const { location, cookies } = await enterByProvider(deps, caller(context), searchParams);
        return { status: 303, headers: { location, "set-cookie": cookies, "cache-control": "no-store" } };
      },
    }),
  ];
}
