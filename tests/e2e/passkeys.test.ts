import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { ask, signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { openBrowser, signInByPage, watchedPage } from "./harness/browser.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Passkeys with Chromium's own virtual authenticator: made, used, named, removed; and what one opens that did not ask
// who uses it.

vi.setConfig({ testTimeout: 240_000 });

const email = "adair@demo.example";
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
let site: Site;
let browser: Browser;
/** Browsers keep passkeys for a name: the same server under its name. */
let url: string;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  url = site.url.replace("127.0.0.1", "localhost");
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);
afterEach(() => expect(problems.splice(0)).toEqual([]));

async function judge(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const)
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await shoot(page, `${name}-${size.width}-${colorScheme}`);
      for (const line of await violations(page)) problems.push(`${name}-${size.width}-${colorScheme}: ${line}`);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond > 0) problems.push(`${name}-${size.width} is ${beyond} px wider than the window`);
    }
  await page.setViewportSize(sizes[0]);
  await page.emulateMedia({ colorScheme: "light" });
}

async function authenticator(context: BrowserContext, page: Page): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId: id } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

const opened = (page: Page): Promise<void> => page.getByRole("button", { name: /Adair/ }).waitFor();

it("is made with the password, signs in as both factors while the account is locked, and is removed", async () => {
  const { page, context } = await watchedPage(browser, url);
  const { cdp, id } = await authenticator(context, page);
  await page.goto(`${url}/sign-in?to=/account`);
  await signInByPage(page, email, DEMO_PASSWORD);
  const panel = page.locator("section[aria-labelledby=account-passkeys]");
  await panel.getByRole("button", { name: "Add a passkey" }).click();
  await panel.locator(".factor-step input[name=name]").fill("Duty laptop");
  await panel.locator("input[name=password]").fill("not the one I have");
  await page.keyboard.press("Enter");
  await panel.getByText("That is not your password.").waitFor();
  await panel.locator("input[name=password]").fill(DEMO_PASSWORD);
  await page.keyboard.press("Enter");
  await panel.getByText("Duty laptop").waitFor();
  expect((await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials.length).toBe(1);
  await panel.getByRole("button", { name: "Rename the passkey Duty laptop" }).click();
  await page.getByRole("dialog").locator("input[name=name]").fill("Tablet in car 12");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await panel.getByText("Tablet in car 12").waitFor();
  await panel.scrollIntoViewIfNeeded();
  await judge(page, "account-passkeys");

  // From now on the role needs a second factor, and strangers have locked the account: the passkey is both, and opens.
  const admin = {
    cookie: await signIn(site.url, "moreno@demo.example", DEMO_PASSWORD, "127.0.0.71"),
    origin: site.url,
  };
  const rule = { method: "PUT", path: "/api/v1/sign-in-policy", headers: admin, body: { secondFactor: ["officer"] } };
  expect((await ask(site.url, rule)).status).toBe(200);
  for (let n = 0; n < 5; n += 1)
    await expect(signIn(site.url, email, "guess guess", `127.0.0.${80 + n}`)).rejects.toThrow("401");
  await expect(signIn(site.url, email, DEMO_PASSWORD, "127.0.0.90")).rejects.toThrow("429");
  await context.clearCookies();
  await page.goto(`${url}/sign-in`);
  await judge(page, "sign-in-passkey");
  await page.getByRole("button", { name: "Use a passkey", exact: true }).click();
  await opened(page);
  await page.getByText("five times in a row").waitFor();
  // The last factor of a role that needs one stays.
  await page.goto(`${url}/account`);
  await panel.getByRole("button", { name: "Remove the passkey Tablet in car 12" }).click();
  await panel.locator("input[name=password]").fill(DEMO_PASSWORD);
  await page.keyboard.press("Enter");
  await panel.getByText("Set up another one before you remove this.").waitFor();

  // The password alone is half: it asks for the passkey, and adds no other factor beside it.
  await site.asSuperuser("delete from sworn.sign_in_try");
  await context.clearCookies();
  await page.goto(`${url}/sign-in`);
  await signInByPage(page, email, DEMO_PASSWORD);
  const gate = page.getByRole("dialog", { name: "Your second factor" });
  await gate.waitFor();
  await judge(page, "gate-passkey");
  const half = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const asHalf = { headers: { cookie: half, origin: site.url } };
  const tries: [string, string, object?][] = [
    ["GET", "/api/v1/evidence"],
    ["GET", "/api/v1/me"],
    ["POST", "/api/v1/account/totp", { password: DEMO_PASSWORD }],
    ["POST", "/api/v1/account/passkeys/options", { password: DEMO_PASSWORD }],
  ];
  for (const [method, path, body] of tries)
    expect((await ask(site.url, { method, path, ...asHalf, ...(body === undefined ? {} : { body }) })).code, path).toBe(
      "second-factor-needed",
    );
  await gate.getByRole("button", { name: "Use a passkey", exact: true }).click();
  await opened(page);

  // One that does not ask who uses it opens nothing.
  await context.clearCookies();
  await page.goto(`${url}/sign-in`);
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: false });
  await page.getByRole("button", { name: "Use a passkey", exact: true }).click();
  await page.getByText("No passkey was used.").waitFor();
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: true });

  // Taken away by an admin, it opens nothing either.
  const list = await ask(site.url, { method: "GET", path: "/api/v1/people", headers: admin });
  const people = (JSON.parse(list.body.toString()) as { items: { id: string; email: string }[] }).items;
  const path = `/api/v1/people/${people.find((one) => one.email === email)?.id ?? ""}/factors/reset`;
  const reset = { method: "POST", path, headers: admin, body: { reason: "Lost the tablet" } };
  expect((await ask(site.url, reset)).status).toBe(204);
  await page.getByRole("button", { name: "Use a passkey", exact: true }).click();
  await page.getByText("That passkey could not be used here.").waitFor();
  await context.close();
});

it("is set up at the gate instead of an app, and refuses what no browser made", async () => {
  const { page, context } = await watchedPage(browser, url);
  await authenticator(context, page);
  await page.goto(`${url}/sign-in`);
  await signInByPage(page, email, DEMO_PASSWORD);
  const gate = page.getByRole("dialog", { name: "Set up a second factor" });
  await gate.getByRole("button", { name: "Use a passkey instead" }).click();
  await gate.locator("input[name=name]").fill("Key ring");
  await gate.locator("input[name=password]").fill(DEMO_PASSWORD);
  await page.keyboard.press("Enter");
  await opened(page);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const made = { id: "AAAA", rawId: "AAAA", type: "public-key", response: { clientDataJSON: "e30", __proto__: null } };
  const headers = { cookie, origin: site.url };
  const add = { method: "POST", path: "/api/v1/account/passkeys", headers, body: { name: "Made up", response: made } };
  expect((await ask(site.url, add)).code).toBe("passkey-refused");
  const enter = { method: "POST", path: "/api/v1/sign-in/passkey", headers, body: { response: made } };
  expect((await ask(site.url, enter)).code).toBe("passkey-refused");
  const elsewhere = { ...enter, headers: { cookie, origin: "https://elsewhere.example" } };
  expect((await ask(site.url, elsewhere)).code).toBe("csrf-refused");
  await context.close();
});
