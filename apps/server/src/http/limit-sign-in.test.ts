import { expect, it } from "vitest";
import { accountTries, limitSignIn } from "./limit-sign-in.ts";

const time = { now: 0 };
const limit = limitSignIn(new Uint8Array(32).fill(7), { monotonic: () => time.now });
const refused = expect.objectContaining({ code: "rate-limited" });

it("counts wrong passwords of an account, however it is typed, and lets another go on", () => {
  for (let i = 0; i < accountTries.burst; i++) limit.begin("adair@elm.example", undefined).end(401);
  expect(() => limit.begin(" Adair@Elm.example", undefined)).toThrow(refused);
  limit.begin("moreno@elm.example", undefined).end(401);
  time.now += 120_000;
  limit.begin("adair@elm.example", undefined).end(401);
  expect(() => limit.begin("adair@elm.example", undefined)).toThrow(refused);
});

it("counts no try that succeeded or was never judged", () => {
  for (let i = 0; i < 100; i++) limit.begin("records@elm.example", undefined).end(i % 2 === 0 ? 200 : 429);
});

it("leaves the owner a way in while strangers guess: a browser that signed in before", () => {
  const signedIn = limit.begin("owner@elm.example", undefined);
  signedIn.end(200);
  const cookie = signedIn.cookie(true)?.split(";", 1)[0] ?? "";
  for (let i = 0; i < accountTries.burst; i++) limit.begin("owner@elm.example", "other=1").end(401);
  expect(() => limit.begin("owner@elm.example", undefined)).toThrow(refused);

  const again = limit.begin("owner@elm.example", `a=b; ${cookie}; c=d`);
  again.end(200);
  expect(again.cookie(true)).toBeNull();
  // Of another account, changed, or made up: as if it were not there.
  for (let i = 0; i < accountTries.burst; i++) limit.begin("other@elm.example", undefined).end(401);
  expect(() => limit.begin("other@elm.example", cookie)).toThrow(refused);
  const last = cookie.at(-2) === "A" ? "B" : "A";
  expect(() => limit.begin("owner@elm.example", cookie.slice(0, -2) + last + cookie.slice(-1))).toThrow(refused);
  // It has its own limit, so a stolen one guesses no faster.
  for (let i = 0; i < accountTries.burst; i++) limit.begin("owner@elm.example", cookie).end(401);
  expect(() => limit.begin("owner@elm.example", cookie)).toThrow(refused);
});
