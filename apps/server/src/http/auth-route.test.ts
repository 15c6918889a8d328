import { expect, it } from "vitest";
import { authRoutes } from "./auth-route.ts";
import { limitSignIn } from "./limit-sign-in.ts";

it("opens signing in and out and nothing else of the sign-in library", () => {
  const accounts = { handle: () => Promise.reject(new Error("not asked")), signedIn: () => Promise.resolve(null) };
  const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
  const routes = authRoutes(
    { ...accounts, create: notAsked, setPassword: notAsked, endSessions: notAsked, remove: notAsked },
    () => "http://localhost",
    (headers) => headers,
    limitSignIn(new Uint8Array(32), { monotonic: () => 0 }),
  );
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/auth/sign-in/email",
    "POST /api/auth/sign-out",
  ]);
});
