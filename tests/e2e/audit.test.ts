import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// An auditor asks who saw an item, narrows it, takes it away as a file, and finds their own looking in the same list.

vi.setConfig({ testTimeout: 240_000 });

let site: Site;
let browser: Browser;
let desk: Watched;
let page: Page;
let item: string;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  item = await recordShortly(
    site.url,
    site.keys.cameras[0]?.token ?? "",
    makeFootage(site.folder, 4),
    "Traffic stop, Elm St",
  );
  await settled(site.reader, item);
  await (await site.reader.http.call("GET", site.reader.http.url(`/api/v1/evidence/${item}/media`))).arrayBuffer();
  const person = { name: "R. Brandt", email: "brandt.audit@demo.example", roles: ["auditor"], password: DEMO_PASSWORD };
  await site.admin.call("POST", "/api/v1/people", person);
  desk = await watchedPage(browser, site.url, { colorScheme: "light", acceptDownloads: true });
  page = desk.page;
  await desk.context.addCookies(await cookiesOf(person.email, "127.0.0.61"));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);
afterEach(() => expect([...problems.splice(0), ...desk.complaints]).toEqual([]));

async function cookiesOf(email: string, from: string): Promise<{ name: string; value: string; url: string }[]> {
  const cookie = await signIn(site.url, email, DEMO_PASSWORD, from);
  return cookie.split("; ").map((one) => {
    const [name = "", ...value] = one.split("=");
    return { name, value: value.join("="), url: site.url };
  });
}

async function judge(name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await shoot(page, name);
  for (const line of await violations(page)) problems.push(`${name}: ${line}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (beyond > 0) problems.push(`${name}: ${beyond} px beyond the window's right edge`);
}
const lines = (): Promise<string[]> => page.locator(".audit-lines tbody tr").allInnerTexts();

describe("an auditor", () => {
  it("gets from an item to who saw it, with the title it had then", async () => {
    await page.goto(`${site.url}/evidence/${item}`);
    await page.getByRole("link", { name: "Who saw this" }).click();
    await page.waitForURL(/\/audit\?subject=/);
    await eventually(async () => (await lines()).join("\n")).toContain("Traffic stop, Elm St");
    const shown = (await lines()).join("\n");
    expect(shown).toContain("viewed the item");
    expect(shown).toContain("as it was titled then");
    await page.getByText("Done to Traffic stop, Elm St").waitFor();
  });

  it("narrows by what and by whom; the search stands in the address and is logged", async () => {
    await page.goto(`${site.url}/audit`);
    await page.locator(".audit-lines").waitFor();
    await judge("audit-1440-light");
    await page.getByRole("checkbox", { name: "Took in" }).check();
    await page.waitForURL(/did=took-in/);
    await page.getByRole("textbox", { name: "Who" }).fill("VX-118");
    await page.getByRole("button", { name: "Find" }).last().click();
    await page.getByRole("button", { name: "Camera VX-118" }).click();
    await page.waitForURL(/device=/);
    await eventually(async () => (await lines()).length).toBeGreaterThan(2);
    await page.getByLabel("From").fill("2199-01-01");
    await page.getByRole("button", { name: "Find" }).first().click();
    await page.getByText("No entry fits these filters.").waitFor();
    await judge("audit-none-1440-light");
    await page.reload();
    await page.getByText("No entry fits these filters.").waitFor();
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.getByRole("checkbox", { name: "Searched the audit" }).check();
    await eventually(async () => (await lines()).join("\n")).toContain(
      "R. Brandt searched the audit: one camera, took-in, from 2199-01-01.",
    );
  });

  it("takes the list away as CSV and PDF, which is logged", async () => {
    await page.goto(`${site.url}/audit?subject=${item}`);
    await page.locator(".audit-lines").waitFor();
    for (const [format, begins] of [
      ["CSV", '\u{feff}"time (UTC)"'],
      ["PDF", "%PDF-1.7"],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: `Export as ${format}` }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.(csv|pdf)$/);
      const bytes = await readFile(await download.path());
      expect(bytes.toString("utf8").startsWith(begins)).toBe(true);
    }
    await page.goto(`${site.url}/audit?did=exported&kind=audit.exported`);
    await eventually(lines).toHaveLength(2);
  });

  it("can use it on a phone and in the dark", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`${site.url}/audit?did=exported`);
    await page.locator(".audit-lines").waitFor();
    await judge("audit-390-dark");
  });
});

describe("an administrator", () => {
  it("sees failed work counted in the rail, reads why, and has it tried again", async () => {
    const admin = await watchedPage(browser, site.url, { colorScheme: "light" });
    await admin.context.addCookies(await cookiesOf("moreno@demo.example", "127.0.0.63"));
    page = admin.page;
    await site.asSuperuser(
      `insert into jobs.job (name, data, state, retry_count, completed_on, output)
       select 'positions', json_build_object('agencyId', id, 'id', gen_random_uuid()), 'failed', 5, now(),
              '{"message":"crashed: the box ended"}' from sworn.agency`,
    );
    await page.goto(`${site.url}/admin#health`);
    const panel = page.getByRole("region", { name: "Health", exact: true });
    await panel.getByText("Some work failed.").waitFor();
    await panel.getByText("crashed: the box ended").waitFor();
    await page.getByRole("link", { name: /Admin.*things to look at/ }).waitFor();
    await judge("health-1440-light");
    await panel.getByRole("button", { name: "Try again: Reading GPS tracks" }).click();
    await panel.getByText("One job is tried again.").waitFor();
    await eventually(() => panel.getByText("Some work failed.").count()).toBe(0);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await judge("health-390-dark");
    expect(admin.complaints).toEqual([]);
    await admin.context.close();
  });
});

it("nobody else finds it in the rail, and its address says so", async () => {
  const other = await watchedPage(browser, site.url);
  await other.context.addCookies(await cookiesOf("adair@demo.example", "127.0.0.62"));
  await other.page.goto(`${site.url}/audit`);
  await other.page.getByText("Only auditors look here.").waitFor();
  expect(await other.page.getByRole("link", { name: "Audit" }).count()).toBe(0);
  await other.context.close();
});
