import {
  ChangePassword,
  ChangeSignInPolicy,
  SessionId,
  SessionList,
  SessionState,
  SignInPolicy,
} from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import { changeOwnPassword, endSessions, listSessions, type SessionDeps, sessionOf, unlock } from "./own-sessions.ts";
import { doorRoutes } from "./door-routes.ts";
import type { DoorDeps } from "./enter.ts";
import { factorRoutes } from "./factor-routes.ts";
import { lockOutRoutes } from "./lock-out-routes.ts";
import { noticeRoutes } from "./notice-routes.ts";
import { passkeyRoutes } from "./passkey-routes.ts";
import type { ProviderDeps } from "./enter-by-provider.ts";
import { providerRoutes } from "./provider-routes.ts";
import { changePolicy, readPolicy } from "./policy.ts";
import { readState } from "./session-state.ts";

export type SignInDeps = SessionDeps & DoorDeps & ProviderDeps;

/** One's own session, its lock, the other ones, the password; and what the agency asks of them all. */
export function signInRoutes(deps: SignInDeps): Route[] {
  return [
    ...doorRoutes(deps),
    ...factorRoutes(deps),
    ...lockOutRoutes(deps),
    ...noticeRoutes(deps),
    ...passkeyRoutes(deps),
    ...providerRoutes(deps),
    route({
      method: "GET",
      path: "/api/v1/session",
      access: { signedIn: true },
      summary: "Whether the session that asks is locked, and when it will be",
      whileLocked: true,
      whileWaiting: "always",
      answer: SessionState,
      handle: async ({ principal }) => {
        return { body: await readState(deps, principal) };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/session/lock",
      access: { signedIn: true },
      summary: "Lock the session that asks",
      body: z.strictObject({ lock: z.literal(true) }),
      handle: async ({ principal }) => {
        await deps.accounts.noteSession(sessionOf(principal).id, { lockedAt: new Date(deps.clock.now()) });
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/session/unlock",
      whileWaiting: "always",
      access: { signedIn: true },
      summary: "Unlock the session that asks, with its person's password",
      whileLocked: true,
      body: z.strictObject({ password: z.string().min(1).max(256) }),
      handle: async ({ principal, body }) => {
        await unlock(deps, principal, body.password);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/account/sessions",
      access: { signedIn: true },
      summary: "Your own sessions: since when, where from, with what",
      answer: SessionList,
      handle: async ({ principal }) => ({ body: { items: await listSessions(deps, principal) } }),
    }),
    route({
      method: "DELETE",
      path: "/api/v1/account/sessions/:id",
      access: { signedIn: true },
      summary: "End one of your own sessions",
      params: SessionId,
      handle: async ({ principal, params }) => {
        await endSessions(deps, principal, params.id);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/account/sessions/end-others",
      access: { signedIn: true },
      summary: "End all your sessions but the one that asks",
      handle: async ({ principal }) => {
        await endSessions(deps, principal);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/account/password",
      access: { signedIn: true },
      summary: "Choose a new password; all your other sessions end",
      body: ChangePassword,
      handle: async ({ principal, body }) => {
        await changeOwnPassword(deps, principal, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/sign-in-policy",
      access: { permission: "person.manage" },
      summary: "What the agency asks of a sign-in and of sessions",
      answer: SignInPolicy,
      handle: async ({ principal }) => ({ body: await deps.database.forAgency(principal.agencyId, readPolicy) }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/sign-in-policy",
      access: { permission: "person.manage" },
      summary: "Change what the agency asks of a sign-in and of sessions; what is left out stays",
      body: ChangeSignInPolicy,
      answer: SignInPolicy,
      handle: async ({ principal, body }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) => changePolicy(tx, deps, principal, body)),
      }),
    }),
  ];
}
