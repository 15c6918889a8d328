import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// One lends, another acts: on both people's pages, under both names, and over at once when it is ended.

vi.setConfig({ testTimeout: 240_000 });

let site: Site;
let browser: Browser;
let [giver, receiver]: Page[] = [];
const problems: string[] = [];
const at = (page: Page | undefined): Page => {
  if (page === undefined) throw new Error("no page was opened");
  return page;
};

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  giver = (await open("okafor@demo.example", "127.0.0.71", { colorScheme: "light" })).page;
  receiver = (
    await open("adair@demo.example", "127.0.0.72", {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      colorScheme: "dark",
    })
  ).page;
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);

async function open(email: string, from: string, options: BrowserContextOptions): Promise<Watched> {
  const cookie = await signIn(site.url, email, DEMO_PASSWORD, from);
  const opened = await watchedPage(browser, site.url, options);
  opened.context.setDefaultTimeout(30_000);
  await opened.context.addCookies(
    cookie.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
  return opened;
}

async function judge(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await shoot(page, name);
  for (const line of await violations(page)) problems.push(`${name}: ${line}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (beyond > 0) problems.push(`${name}: ${beyond} px beyond the window's right edge`);
}

describe("reach that is lent", () => {
  it("is lent from one's own page, by keyboard too", async () => {
    const page = at(giver);
    await page.goto(`${site.url}/account`);
    const own = page.getByRole("region", { name: "Lent reach" });
    await own.getByText("Nothing is lent.").waitFor();
    await own.getByRole("button", { name: "Lend your reach" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Lend your reach" });
    await dialog.getByRole("combobox", { name: "To" }).selectOption({ label: "Ofc. Adair" });
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Night watch, 20 to 27 November");
    await judge(page, "lend-1440-light");
    await dialog.getByRole("button", { name: "Lend your reach" }).click();
    await own.getByText("Sgt. Okafor to Ofc. Adair: Supervisor").waitFor();
    await judge(page, "lent-1440-light");
  });

  it("is acted under with a word on every screen, and one is oneself again afterwards", async () => {
    const page = at(receiver);
    await page.goto(`${site.url}/account`);
    await page.getByRole("button", { name: "Act for Sgt. Okafor" }).click();
    await page.getByText(/^You act for Sgt\. Okafor \(Supervisor\) until /).waitFor();
    await judge(page, "acting-390-dark");
    await page.goto(`${site.url}/incidents`);
    await page.getByRole("button", { name: "Act as yourself" }).click();
    await page.waitForURL(/\/(today)?$/);
    await expect.poll(() => page.getByText(/^You act for/).count()).toBe(0);
  });

  it("is ended early with a reason, which both see", async () => {
    const page = at(giver);
    await page.getByRole("button", { name: "End now: what Sgt. Okafor lent Ofc. Adair" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Back again");
    await dialog.getByRole("button", { name: "End now" }).click();
    await page.getByText(/ended by Sgt\. Okafor: Back again/).waitFor();
    const other = at(receiver);
    await other.goto(`${site.url}/account`);
    await other.getByText(/ended by Sgt\. Okafor: Back again/).waitFor();
    expect(await other.getByRole("button", { name: "Act for Sgt. Okafor" }).count()).toBe(0);
    await judge(other, "lent-390-dark");
    const admin = (await open("moreno@demo.example", "127.0.0.73", { colorScheme: "dark" })).page;
    await admin.goto(`${site.url}/admin#people`);
    await admin
      .getByRole("button", { name: /Ofc\. Adair/ })
      .first()
      .click();
    await admin.getByRole("menuitem", { name: "Lent reach" }).click();
    await admin
      .getByRole("dialog", { name: "Lent reach: Ofc. Adair" })
      .getByText(/Back again/)
      .waitFor();
    await judge(admin, "lent-of-person-1440-dark");
  });

  it("is clean to axe in every picture", () => {
    expect(problems).toEqual([]);
  });
});
