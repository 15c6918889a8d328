import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, signInByPage, watchedPage, type Watched } from "./harness/browser.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Coming in by invitation, the account page, and the lock over a session that nobody uses.

vi.setConfig({ testTimeout: 240_000 });

const looks = [
  { name: "1440-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "1440-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "390-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { name: "390-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const satisfies (BrowserContextOptions & { name: string })[];
const password = "lanterns over the river";
const next = "a kite above the harbour";

let site: Site;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);
afterEach(() => expect(problems.splice(0)).toEqual([]));

async function signedIn(email: string, from: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const watched = await watchedPage(browser, site.url, options);
  const cookie = await signIn(site.url, email, email.startsWith("brook") ? password : DEMO_PASSWORD, from);
  const cookies = cookie.split("; ").map((one) => {
    const [name = "", ...value] = one.split("=");
    return { name, value: value.join("="), url: site.url };
  });
  await watched.context.addCookies(cookies);
  return watched;
}

/** Each screen in every look: nothing that axe objects to, and no wider than the window. */
async function judge(page: Page, name: string, part?: Locator): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  for (const look of looks) {
    await page.setViewportSize(look.viewport);
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await part?.evaluate((element) => element.scrollIntoView());
    await shoot(page, `${name}-${look.name}`);
    for (const line of await violations(page)) problems.push(`${name}-${look.name}: ${line}`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (beyond > 0) problems.push(`${name}-${look.name} is ${beyond} px wider than the window`);
  }
  await page.setViewportSize(looks[0].viewport);
  await page.emulateMedia({ colorScheme: "light" });
}

it("an administrator hands over a link; the invited chooses a password, once", async () => {
  const admin = await signedIn("moreno@demo.example", "127.0.0.61");
  await admin.page.goto(`${site.url}/admin#invitations`);
  const panel = admin.page.locator("#invitations");
  await panel.getByText("Invite a person").click();
  await panel.getByLabel("Name").fill("Ofc. Brook");
  await panel.getByLabel("E-mail").fill("brook@demo.example");
  await panel.getByRole("button", { name: "Add" }).click();
  const handed = panel.locator(".once-key");
  await handed.waitFor();
  const url = /https?:\S+#token=\S+/.exec((await handed.textContent()) ?? "")?.[0] ?? "";
  await judge(admin.page, "invitations", panel);

  const guest = await watchedPage(browser, site.url);
  await guest.page.goto(url);
  await guest.page.getByText("Welcome, Ofc. Brook").waitFor();
  expect(await guest.page.content()).not.toContain(new URL(url).hash.slice(7));
  await judge(guest.page, "invitation");
  const choose = async (first: string, again: string): Promise<void> => {
    await guest.page.locator("input[name=password]").fill(first);
    await guest.page.locator("input[name=again]").fill(again);
    await guest.page.getByRole("button", { name: "Come in" }).click();
  };
  await choose("Password2026!!", "Password2026!!");
  await guest.page.getByText("among the most common ones").waitFor();
  await choose(password, "lanterns under the river");
  await guest.page.getByText("The two passwords are not the same").waitFor();
  await choose(password, password);
  await guest.page.getByRole("button", { name: /Ofc\. Brook/ }).waitFor();
  await guest.page.goto(url);
  await guest.page.getByText("This invitation was used, withdrawn or has expired.").waitFor();
  await judge(guest.page, "invitation-used");
  expect([...admin.complaints, ...guest.complaints]).toEqual([]);
  await Promise.all([admin.context.close(), guest.context.close()]);
});

it("a session that nobody used locks over the page; unlocked, what was typed is sent", async () => {
  const { page, context, complaints } = await signedIn("brook@demo.example", "127.0.0.62");
  await signIn(site.url, "brook@demo.example", password, "127.0.0.63"); // elsewhere, too
  await page.goto(`${site.url}/account`);
  await page.getByText("this one").waitFor();
  const ends = page.getByRole("button", { name: /^End the session of/ });
  await eventually(() => ends.count()).toBe(2);
  await judge(page, "account");

  await page.locator("input[name=current]").fill(password);
  await page.locator("input[name=next]").fill(next);
  await page.locator("input[name=again]").fill(next);
  await site.asSuperuser(
    `update auth.session s set "lockedAt" = now() from auth."user" u where u.id = s."userId" and u.email like 'brook%'`,
  );
  await page.getByRole("button", { name: "Change the password" }).click();
  const sheet = page.getByRole("dialog", { name: "Locked" });
  await sheet.waitFor();
  await judge(page, "locked");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await eventually(() => sheet.isVisible()).toBe(true);
  await sheet.locator("input[name=password]").fill("not the one I have");
  await sheet.getByRole("button", { name: "Unlock" }).click();
  await sheet.getByText("That is not your password.").waitFor();
  await sheet.locator("input[name=password]").fill(password);
  await sheet.getByRole("button", { name: "Unlock" }).click();
  await sheet.waitFor({ state: "hidden" });
  // Nothing was pressed again: what waited behind the lock was sent.
  await page.getByText("Changed. Your other sessions have ended.").waitFor();
  await eventually(() => ends.count()).toBe(0);

  // Locked by its person: a reload opens nothing, and shows nothing.
  await page.getByRole("button", { name: /Ofc\. Brook/ }).click();
  await page.getByRole("menuitem", { name: "Lock now" }).click();
  await sheet.waitFor();
  await page.reload();
  await sheet.waitFor();
  expect(await page.locator(".account").count()).toBe(0);
  await sheet.locator("input[name=password]").fill(next);
  await sheet.getByRole("button", { name: "Unlock" }).click();
  await page.getByText("this one").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it("leads back to this site alone after signing in", async () => {
  const { page, context } = await watchedPage(browser, site.url);
  for (const elsewhere of ["//elsewhere.example/x", "https://elsewhere.example/x", "/\\elsewhere.example"]) {
    await page.goto(`${site.url}/sign-in?to=${encodeURIComponent(elsewhere)}`);
    await signInByPage(page, "brook@demo.example", next);
    await page.waitForURL((url) => url.pathname === "/library" || url.host !== new URL(site.url).host);
    expect(new URL(page.url()).origin).toBe(site.url);
    await context.clearCookies();
  }
  await context.close();
});
