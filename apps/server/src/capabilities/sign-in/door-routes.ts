import { EnterByPasskey, PasskeyOptions, Problem, SecondFactorProof, SignIn, SignInAnswer } from "@sworn/contract";
import { z } from "zod";
import { type Reply, type Route, type RouteContext, route } from "../../ports/http.ts";
import { type DoorDeps, beginByPasskey, enter, enterByPasskey, enterSecond, type Step } from "./enter.ts";

const atTheDoor = { public: "signing in happens here; origin, tries and session are checked on the way" } as const;
export const caller = ({ headers, ip }: RouteContext): Pick<RouteContext, "headers" | "ip"> => ({ headers, ip });

const answer = ({ entered, cookies }: Step): Reply => ({
  headers: { "set-cookie": [...cookies] },
  body: { entered },
});

/**
 * Signing in and out. Nothing else of the sign-in library has an address: its others (changing names and passwords,
 * verifying a password without the limit on tries, listing session tokens) have no page here and no event in the log.
 */
export function doorRoutes(deps: DoorDeps): Route[] {
  return [
    route({
      method: "POST",
      path: "/api/auth/sign-in/email",
      access: atTheDoor,
      ownPagesOnly: true,
      summary: "Sign in with e-mail and password",
      body: SignIn,
      answer: SignInAnswer,
      handle: async (context) => answer(await enter(deps, caller(context), context.body)),
    }),
    route({
      method: "POST",
      path: "/api/v1/sign-in/second-factor",
      access: atTheDoor,
      ownPagesOnly: true,
      summary: "The second half of signing in: a code of the authenticator app, or a recovery code",
      body: SecondFactorProof,
      answer: SignInAnswer,
      handle: async (context) => answer(await enterSecond(deps, caller(context), context.body)),
    }),
    route({
      method: "POST",
      path: "/api/v1/sign-in/passkey/options",
      access: atTheDoor,
      ownPagesOnly: true,
      summary: "What to ask a browser for to sign in with a passkey",
      body: z.strictObject({}),
      answer: PasskeyOptions,
      handle: async (context) => {
        const { options, cookies } = await beginByPasskey(deps, caller(context));
        return { headers: { "set-cookie": [...cookies] }, body: { options } };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/sign-in/passkey",
      access: atTheDoor,
      ownPagesOnly: true,
      summary: "Sign in with a passkey: it stands for both factors",
      body: EnterByPasskey,
      answer: SignInAnswer,
      handle: async (context) => answer(await enterByPasskey(deps, caller(context), context.body.response)),
    }),
    route({
      method: "POST",
      path: "/api/auth/sign-out",
      access: atTheDoor,
      ownPagesOnly: true,
      summary: "End this session",
      body: z.object({}),
      handle: async (context) => {
        const { outcome, cookies } = await deps.accounts.leave(caller(context));
        if (outcome !== "left") throw new Problem(outcome === "limited" ? "rate-limited" : "csrf-refused");
        return { status: 204, headers: { "set-cookie": [...cookies] } };
      },
    }),
  ];
}
