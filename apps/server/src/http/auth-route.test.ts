import { expect, it } from "vitest";
import { authRoutes } from "./auth-route.ts";

it("opens signing in and out and nothing else of the sign-in library", () => {
  const accounts = { handle: () => Promise.reject(new Error("not asked")), signedIn: () => Promise.resolve(null) };
  const routes = authRoutes(
    { ...accounts, create: () => Promise.reject(new Error("not asked")) },
    () => "http://localhost",
    (headers) => headers,
  );
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/auth/sign-in/email",
    "POST /api/auth/sign-out",
  ]);
});
