import { expect, it } from "vitest";
import { readConfig } from "./config.ts";

it("takes an identity provider over https, or on this machine, with all that belongs to it", () => {
  const whole = {
    SWORN_HOME: "/nowhere/sworn",
    SWORN_PUBLIC_URL: "https://sworn.example",
    SWORN_OIDC_ISSUER: "https://id.example/elm",
    SWORN_OIDC_CLIENT_ID: "sworn",
    SWORN_OIDC_CLIENT_SECRET: "secret",
  };
  const read = (change: Record<string, string>): unknown => readConfig({ ...whole, ...change }, []).provider;
  const provider = { issuer: "https://id.example/elm", clientId: "sworn", clientSecret: "secret", name: "id.example" };
  expect(read({})).toEqual(provider);
  expect(read({ SWORN_OIDC_NAME: "Elm County" })).toMatchObject({ name: "Elm County" });
  expect(read({ SWORN_OIDC_ISSUER: "" })).toBeNull();
  for (const local of ["http://localhost:4000", "http://127.0.0.1:4000", "http://[::1]:4000"])
    expect(read({ SWORN_OIDC_ISSUER: local })).toMatchObject({ issuer: local });
  for (const elsewhere of [
    "http://id.example",
    "http://10.0.0.8",
    "http://127.0.0.1.example",
    "file:///etc/hosts",
    "x",
  ])
    expect(() => read({ SWORN_OIDC_ISSUER: elsewhere }), elsewhere).toThrow(/SWORN_OIDC_ISSUER/);
  for (const missing of ["SWORN_PUBLIC_URL", "SWORN_OIDC_CLIENT_ID", "SWORN_OIDC_CLIENT_SECRET"])
    expect(() => read({ [missing]: "" }), missing).toThrow(new RegExp(missing));
});
