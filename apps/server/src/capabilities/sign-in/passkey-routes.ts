import { AddPasskey, PasskeyId, PasskeyOptions, RenamePasskey, WithPassword } from "@sworn/contract";
import { type Route, route } from "../../ports/http.ts";
import { caller } from "./door-routes.ts";
import type { FactorDeps } from "./own-factors.ts";
import { addPasskey, beginPasskey, removePasskey, renamePasskey } from "./own-passkeys.ts";

/** One's own passkeys; they are listed with the other factors. */
export function passkeyRoutes(deps: FactorDeps): Route[] {
  return [
    route({
      method: "POST",
      path: "/api/v1/account/passkeys/options",
      access: { signedIn: true },
      summary: "What to ask your browser for to make a passkey",
      whileWaiting: "second-factor",
      secretAnswer: true,
      body: WithPassword,
      answer: PasskeyOptions,
      handle: async (context) => {
        const { principal, body } = context;
        const { options, cookies } = await beginPasskey(deps, caller(context), principal, body.password);
        return { headers: { "set-cookie": [...cookies] }, body: { options } };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/account/passkeys",
      access: { signedIn: true },
      summary: "Add the passkey that your browser made",
      whileWaiting: "second-factor",
      body: AddPasskey,
      handle: async (context) => {
        await addPasskey(deps, caller(context), context.principal, context.body);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: "/api/v1/account/passkeys/:id",
      access: { signedIn: true },
      summary: "Call one of your passkeys something else",
      params: PasskeyId,
      body: RenamePasskey,
      handle: async ({ principal, params, body }) => {
        await renamePasskey(deps, principal, params.id, body.name);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/account/passkeys/:id/remove",
      access: { signedIn: true },
      summary: "Remove one of your passkeys",
      params: PasskeyId,
      body: WithPassword,
      handle: async ({ principal, params, body }) => {
        await removePasskey(deps, principal, params.id, body.password);
        return { status: 204 };
      },
    }),
  ];
}
