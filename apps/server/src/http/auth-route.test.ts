import { expect, it } from "vitest";
import { authRoutes } from "./auth-route.ts";
import { limitSignIn } from "./limit-sign-in.ts";

it("opens signing in and out and nothing else of the sign-in library", () => {
  const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
  const names = [
    "handle",
    "signedIn",
    "create",
    "remove",
    "setPassword",
    "endSessions",
    "noteSession",
    "sessions",
  ] as const;
  const none = Object.fromEntries(names.map((name) => [name, notAsked])) as Record<
    (typeof names)[number],
    typeof notAsked
  >;
  const routes = authRoutes(
    { ...none, checkPassword: notAsked },
    () => "http://localhost",
    (headers) => headers,
    limitSignIn(new Uint8Array(32), { monotonic: () => 0 }),
  );
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/auth/sign-in/email",
    "POST /api/auth/sign-out",
  ]);
});
