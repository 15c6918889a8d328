import {
  ConfirmTotp,
  NewRecoveryCodes,
  NewTotp,
  OwnFactors,
  ResetFactors,
  SecondFactorProof,
  WithPassword,
} from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import { caller } from "./door-routes.ts";
import { proveSecond } from "./enter.ts";
import { beginTotp, confirmTotp, type FactorDeps, readFactors, removeTotp, renewRecoveryCodes } from "./own-factors.ts";
import { resetFactors } from "./reset-factors.ts";

/** One's own second factor, and taking somebody's away. */
export function factorRoutes(deps: FactorDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/account/factors",
      access: { signedIn: true },
      summary: "With what your own account can prove itself beside the password",
      whileWaiting: "second-factor",
      answer: OwnFactors,
      handle: async ({ principal }) => ({ body: await readFactors(deps, principal) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/account/totp",
      access: { signedIn: true },
      summary: "A secret for your authenticator app and recovery codes, shown once; not in use yet",
      whileWaiting: "second-factor",
      secretAnswer: true,
      body: WithPassword,
      answer: NewTotp,
      handle: async (context) => ({
        body: await beginTotp(deps, caller(context), context.principal, context.body.password),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/account/totp/confirm",
      access: { signedIn: true },
      summary: "Put your authenticator app to use, with its first code; your other sessions end",
      whileWaiting: "second-factor",
      secretAnswer: true,
      body: ConfirmTotp,
      handle: async (context) => ({
        status: 204,
        headers: {
          "set-cookie": [...(await confirmTotp(deps, caller(context), context.principal, context.body.code))],
        },
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/account/totp/remove",
      access: { signedIn: true },
      summary: "Take your authenticator app and recovery codes out of use",
      body: WithPassword,
      handle: async ({ principal, body }) => {
        await removeTotp(deps, principal, body.password);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/account/recovery-codes",
      access: { signedIn: true },
      summary: "New recovery codes, shown once; the old ones stop working",
      secretAnswer: true,
      body: WithPassword,
      answer: NewRecoveryCodes,
      handle: async (context) => ({
        body: {
          recoveryCodes: await renewRecoveryCodes(deps, caller(context), context.principal, context.body.password),
        },
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/session/second-factor",
      access: { signedIn: true },
      summary: "Prove your second factor within a session that began without it",
      whileWaiting: "second-factor",
      body: SecondFactorProof,
      handle: async (context) => {
        await proveSecond(deps, caller(context), context.principal, context.body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/people/:id/factors/reset",
      access: { permission: "person.manage" },
      summary: "Take somebody's second factors away, with a reason; all their sessions end",
      params: z.object({ id: z.uuid() }),
      body: ResetFactors,
      handle: async ({ principal, params, body }) => {
        await resetFactors(deps, principal, params.id, body.reason);
        return { status: 204 };
      },
    }),
  ];
}
