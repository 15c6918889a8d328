import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// What somebody outside sees: nothing, then what was shared, then nothing again. And what the agency sees of that.

vi.setConfig({ testTimeout: 240_000 });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark" } as const;
let site: Site;
let browser: Browser;
let agency: Page;
let outside: Watched;
let items: { given: string; kept: string };
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const person = { name: "D. Marsh", email: "marsh@demo.example", roles: ["defence"], password: DEMO_PASSWORD };
  await site.admin.call("POST", "/api/v1/people", person);
  const footage = makeFootage(site.folder, 4);
  const token = site.keys.cameras[0]?.token ?? "";
  const given = await recordShortly(site.url, token, footage, "Traffic stop, Elm St");
  const kept = await recordShortly(site.url, token, footage, "Welfare check, Mill Rd");
  for (const id of [given, kept]) await settled(site.reader, id);
  items = { given, kept };
  agency = (await open("moreno@demo.example", "127.0.0.61", { colorScheme: "light" })).page;
  outside = await open("marsh@demo.example", "127.0.0.62", { colorScheme: "light" });
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
const section = (page: Page, title: string): Locator => page.getByRole("region", { name: title, exact: true });

describe("sharing with the defence", () => {
  it("begins with nothing on the other side", async () => {
    await outside.page.goto(`${site.url}/library`);
    await section(outside.page, "Shared with you").getByText("Nothing is shared with you now.").waitFor();
    await outside.page.goto(`${site.url}/evidence/${items.given}`);
    await outside.page.getByText("There is nothing here, or it is not yours to see.").first().waitFor();
  });

  it("says on the item who gets what before it happens, and who can see it afterwards", async () => {
    await agency.goto(`${site.url}/evidence/${items.given}`);
    const shared = section(agency, "Shared outside");
    await shared.getByText("Nobody outside the agency can see this.").waitFor();
    await shared.getByRole("button", { name: "Share…" }).click();
    const dialog = agency.getByRole("dialog", { name: "Share this item" });
    await dialog.getByText("Choose somebody to see what would happen.").waitFor();
    await dialog.getByRole("checkbox", { name: /D\. Marsh/ }).check();
    await dialog.getByText(/^D\. Marsh can look at 1 item until/).waitFor();
    await dialog.getByRole("radio", { name: /keep a copy/ }).check();
    await dialog.getByText(/^D\. Marsh can look at and keep 1 item until/).waitFor();
    await dialog.getByRole("textbox", { name: /Reason/ }).fill("Discovery, docket 26-118");
    await dialog.getByRole("textbox", { name: /Message/ }).fill("For the hearing of 3 December.");
    await judge(agency, "share-1440-light");
    await dialog.getByRole("button", { name: "Share 1 item" }).click();
    await shared.getByText("Discovery, docket 26-118").waitFor();
    await judge(agency, "shared-1440-light");
  });

  it("shows them the item, by whom and until when, with the copy they may keep, and nothing else", async () => {
    const { page } = outside;
    await page.goto(`${site.url}/library`);
    const told = section(page, "Shared with you");
    await told.getByText("For the hearing of 3 December.").waitFor();
    await page.locator(".item").filter({ hasText: "Traffic stop, Elm St" }).waitFor();
    expect(await page.getByText("Welfare check").count()).toBe(0);
    expect(await page.getByText("docket 26-118").count()).toBe(0);
    await judge(page, "outside-library-1440-light");
    await told.getByRole("link", { name: "Show only this item" }).click();
    await page.waitForURL(/share=/);
    await page.locator(".item").filter({ hasText: "Traffic stop, Elm St" }).waitFor();
    await page
      .getByRole("link", { name: /Traffic stop, Elm St/ })
      .first()
      .click();
    await section(page, "Shared with you").getByRole("link", { name: "Keep a copy" }).waitFor();
    expect(await section(page, "Keeping").count()).toBe(0);
    expect(await section(page, "Shared outside").count()).toBe(0);
    await judge(page, "outside-evidence-1440-light");
    const hand = await page.context().storageState();
    const small = await watchedPage(browser, site.url, { ...phone, storageState: hand });
    await small.page.goto(`${site.url}/library`);
    await section(small.page, "Shared with you").getByText("For the hearing of 3 December.").waitFor();
    await judge(small.page, "outside-library-390-dark");
    await small.context.close();
    await page.goto(`${site.url}/evidence/${items.kept}`);
    await page.getByText("There is nothing here, or it is not yours to see.").first().waitFor();
  });

  it("seals what they watched from the agency, and the history still holds in its browser", async () => {
    await agency.goto(`${site.url}/evidence/${items.given}`);
    const custody = section(agency, "Custody");
    await custody.getByText(/\d+ sealed entr/).waitFor();
    await custody.getByRole("button", { name: "Story" }).click();
    await custody.getByText("Sealed entry").first().waitFor();
    expect(await custody.getByText("D. Marsh").count()).toBe(0);
    await custody.getByRole("button", { name: "Check it" }).click();
    await custody.getByText(/the entries hold/).waitFor();
    await custody.getByText("Sealed entry").first().scrollIntoViewIfNeeded();
    await judge(agency, "sealed-1440-light");
  });

  it("ends with a reason, at once, from the overview of all shares", async () => {
    await agency.goto(`${site.url}/admin#shares`);
    const shares = section(agency, "Shares");
    await shares.getByText("Discovery, docket 26-118").waitFor();
    await shares.scrollIntoViewIfNeeded();
    await judge(agency, "admin-shares-1440-light");
    await shares.getByRole("button", { name: "End the share with D. Marsh" }).click();
    const dialog = agency.getByRole("dialog", { name: "End this share" });
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Plea entered");
    await dialog.getByRole("button", { name: "End it now" }).click();
    await shares.getByText("Nothing is shared with anybody outside.").waitFor();
    await outside.page.goto(`${site.url}/library`);
    await section(outside.page, "Shared with you").getByText("Nothing is shared with you now.").waitFor();
    await agency.goto(`${site.url}/evidence/${items.given}`);
    await section(agency, "Shared outside").getByText("1 share has ended").click();
    await section(agency, "Shared outside").getByText("Plea entered").waitFor();
  });

  it("is done for a case as it stands, told by its number, and what came later is said and not given", async () => {
    const { admin } = site;
    const file = await admin.call<{ id: string }>("POST", "/api/v1/cases", {
      number: "CR-26-0412",
      title: "Elm St stop",
    });
    const put = (id: string): Promise<unknown> =>
      admin.call("POST", `/api/v1/cases/${file.id}/contents/add`, { evidenceIds: [id] });
    await put(items.given);
    await agency.goto(`${site.url}/cases/${file.id}`);
    const shared = section(agency, "Shared outside");
    await shared.getByText("Nobody outside the agency has anything of this case.").waitFor();
    await shared.getByRole("button", { name: "Share this case…" }).click();
    const dialog = agency.getByRole("dialog", { name: "Share this item" });
    await dialog.getByRole("checkbox", { name: /D\. Marsh/ }).check();
    await dialog.getByRole("textbox", { name: /Reason/ }).fill("Discovery, docket 26-412");
    await dialog.getByText(/^D\. Marsh can look at 1 item until/).waitFor();
    await judge(agency, "share-case-1440-light");
    await dialog.getByRole("button", { name: "Share 1 item" }).click();
    await shared.getByText("D. Marsh (Defence)").waitFor();
    await put(items.kept);
    await agency.reload();
    await shared.getByText("1 item of this case is in no share: it was added since, or left out.").waitFor();
    await judge(agency, "case-shared-1440-light");

    const { page } = outside;
    await page.goto(`${site.url}/library`);
    await section(page, "Shared with you").getByText("CR-26-0412").waitFor();
    await judge(page, "outside-case-1440-light");
    await page
      .getByRole("link", { name: /Traffic stop, Elm St/ })
      .first()
      .click();
    await section(page, "Shared with you").getByText("CR-26-0412").waitFor();
    expect(await page.getByText("Welfare check").count()).toBe(0);
    await judge(page, "outside-case-item-1440-light");

    const lean = { ...phone, storageState: await agency.context().storageState() };
    const small = await watchedPage(browser, site.url, lean);
    await small.page.goto(`${site.url}/cases/${file.id}`);
    await section(small.page, "Shared outside").getByText("D. Marsh (Defence)").waitFor();
    await judge(small.page, "case-shared-390-dark");
    await small.context.close();
    await shared.getByRole("button", { name: "End all shares of this case" }).click();
    const end = agency.getByRole("dialog", { name: "End all shares of this case" });
    await end.getByRole("textbox", { name: "Reason" }).fill("Plea entered");
    await end.getByRole("button", { name: "End all shares of this case" }).click();
    await shared.getByText("Nobody outside the agency has anything of this case.").waitFor();
  });

  it("is done for many at once from the library, and taken back", async () => {
    await agency.goto(`${site.url}/library`);
    for (const title of ["Traffic stop, Elm St", "Welfare check, Mill Rd"]) {
      const card = agency.locator(".item").filter({ hasText: title });
      await card.hover();
      await card.getByRole("checkbox").check();
    }
    await agency.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Share" }).click();
    const dialog = agency.getByRole("dialog", { name: "Share 2 items" });
    await dialog.getByRole("checkbox", { name: /D\. Marsh/ }).check();
    await dialog.getByRole("textbox", { name: /Reason/ }).fill("Both parties' view");
    await dialog.getByRole("button", { name: "Share 2 items" }).click();
    await agency.getByText(/^Shared 2 items with 1 person until/).waitFor();
    await agency.getByRole("button", { name: "Undo" }).click();
    await agency.getByText("The share was ended. It stays in the history.").waitFor();
  });

  it("leaves nothing that a person with assistive technology stumbles over, and no complaint", () => {
    expect(problems).toEqual([]);
    expect(outside.complaints).toEqual([]);
  });
});
