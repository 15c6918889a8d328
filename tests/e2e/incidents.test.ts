import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Footage is gathered by incident and case: in the library, on the item's page, on screens of their own.

vi.setConfig({ testTimeout: 240_000 });

let site: Site;
let browser: Browser;
let desk: Watched;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const footage = makeFootage(site.folder, 4);
  for (const [camera, title] of [
    [0, "Traffic stop, Elm St"],
    [1, "Backup, Elm St"],
  ] as const)
    await settled(site.reader, await recordShortly(site.url, site.keys.cameras[camera]?.token ?? "", footage, title));
  desk = await watchedPage(browser, site.url, { colorScheme: "light" });
  page = desk.page;
  await signInAs(desk, "moreno@demo.example", "127.0.0.60");
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);
afterEach(() => expect(problems.splice(0)).toEqual([]));

// Each step stands on the one before: after a failure the rest would only fail again, and slowly.
let failed: string | null = null;
beforeEach(({ skip }) => {
  if (failed !== null) skip(`${failed} failed before it`);
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") failed ??= task.name;
});

async function signInAs({ context }: Watched, email: string, from: string): Promise<void> {
  const cookie = await signIn(site.url, email, DEMO_PASSWORD, from);
  await context.addCookies(
    cookie.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
}

/** One look at a screen as it is now: nothing that axe objects to, and no wider than the window. */
async function judge(where: Page, name: string): Promise<void> {
  await where.evaluate(() => document.fonts.ready);
  await shoot(where, name);
  for (const line of await violations(where)) problems.push(`${name}: ${line}`);
  const beyond = await where.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (beyond > 0) problems.push(`${name}: ${beyond} px beyond the window's right edge`);
}

const panel = (title: string): ReturnType<Page["getByRole"]> => page.getByRole("region", { name: title, exact: true });

it("items get an incident's number in the library, with a preview, and it can be taken back", async () => {
  await page.goto(`${site.url}/library?as=list`);
  const give = async (): Promise<void> => {
    await page.getByRole("checkbox", { name: /Traffic stop, Elm St/ }).check();
    await page.getByRole("button", { name: "Incident", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Add 1 item to an incident" });
    await dialog.getByRole("textbox", { name: "Number" }).fill("26-004118");
    await dialog.getByText("1 item would join.").waitFor();
    await dialog.getByRole("button", { name: "Add 1 item" }).click();
    await page.getByText("1 item added to incident 26-004118.").waitFor();
  };
  await give();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("1 item taken out again.").waitFor();
  await give();
  await page.goto(`${site.url}/library?as=list&incident=26-004118`);
  await page.getByText("Incident: 26-004118").waitFor();
  await page
    .getByRole("link", { name: /Traffic stop, Elm St/ })
    .first()
    .waitFor();
  expect(await page.getByRole("link", { name: /Backup, Elm St/ }).count()).toBe(0);
});

it("the incident says what happened, suggests footage of its time, keeps tasks, notes and a timeline", async () => {
  await page.getByRole("link", { name: "Incidents" }).click();
  await page.getByRole("link", { name: "26-004118" }).click();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Change 26-004118" });
  await dialog.getByRole("textbox", { name: "Kind" }).fill("Traffic stop");
  await dialog.getByRole("textbox", { name: "Place" }).fill("Elm St & 4th Ave");
  const local = await page.evaluate(() => new Date(Date.now() - 300_000).toISOString().slice(0, 16));
  await dialog.getByLabel("From").fill(local);
  await dialog.getByRole("button", { name: "Add a person" }).click();
  await dialog.getByRole("textbox", { name: "Person 1: role" }).fill("driver");
  await dialog.getByRole("textbox", { name: "Person 1: name" }).fill("D. Demo");
  await dialog.getByRole("button", { name: "Add an outcome" }).click();
  await dialog.getByLabel("Outcome 1", { exact: true }).selectOption({ label: "Citation" });
  await judge(page, "incident-change-1440-light");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "26-004118 · Traffic stop" }).waitFor();
  await page.getByText("D. Demo (driver)").waitFor();

  await panel("May belong to it")
    .getByText(/same time/)
    .waitFor();
  await panel("May belong to it").getByRole("button", { name: "Add Backup, Elm St" }).click();
  await panel("Footage").getByRole("link", { name: "Backup, Elm St" }).waitFor();
  await panel("Tasks").getByRole("textbox", { name: "New task" }).fill("Call the shop for its camera");
  await panel("Tasks").getByRole("button", { name: "Add the task" }).click();
  await panel("Tasks").getByRole("checkbox", { name: "Done: Call the shop for its camera" }).click();
  await panel("Tasks")
    .getByText(/done by P. Moreno/)
    .waitFor();
  await panel("Notes").getByRole("textbox", { name: "New note" }).fill("The shop keeps its footage for a week.");
  await panel("Notes").getByRole("button", { name: "Write the note" }).click();
  await panel("Notes").getByText("The shop keeps its footage for a week.").waitFor();
  await panel("Timeline").getByText("P. Moreno finished a task of the incident.").waitFor();
  await judge(page, "incident-1440-light");
  await panel("Footage").getByRole("button", { name: "Take out Backup, Elm St" }).click();
  await panel("Footage").getByRole("button", { name: "Undo" }).click();
  await panel("Footage").getByRole("link", { name: "Backup, Elm St" }).waitFor();
});

it("a case gathers the incident; the item's page leads back", async () => {
  await page.getByRole("link", { name: "Cases" }).click();
  await page.getByText("No case yet").waitFor();
  await judge(page, "cases-empty-1440-light");
  await page.getByRole("button", { name: "Open a case" }).click();
  const dialog = page.getByRole("dialog", { name: "Open a case" });
  await dialog.getByRole("textbox", { name: "Number" }).fill("C-26-91");
  await dialog.getByRole("textbox", { name: "Title" }).fill("State v. Demo");
  await dialog.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("heading", { name: "C-26-91 · State v. Demo" }).waitFor();
  await panel("Incidents").getByRole("textbox", { name: "Incident number" }).fill("26-9");
  await panel("Incidents").getByRole("button", { name: "Add an incident" }).click();
  await panel("Incidents").getByText("There is no incident 26-9 that you may see.").waitFor();
  await panel("Incidents").getByRole("textbox", { name: "Incident number" }).fill("26-004118");
  await panel("Incidents").getByRole("button", { name: "Add an incident" }).click();
  await panel("Footage").getByRole("link", { name: "Traffic stop, Elm St" }).waitFor();
  await judge(page, "case-1440-light");
  await panel("Footage").getByRole("link", { name: "Traffic stop, Elm St" }).click();
  await panel("Incident").getByRole("link", { name: "26-004118" }).press("Enter");
  await page.getByRole("heading", { name: "26-004118 · Traffic stop" }).waitFor();
  expect(desk.complaints).toEqual([]);
});

it("the wearer sees the incident, on a phone and in the dark, and nothing of what is not theirs", async () => {
  const phone = await watchedPage(browser, site.url, { colorScheme: "dark", viewport: { width: 390, height: 844 } });
  await signInAs(phone, "adair@demo.example", "127.0.0.61");
  await phone.page.goto(`${site.url}/incidents`);
  await phone.page.getByRole("link", { name: "26-004118" }).waitFor();
  await judge(phone.page, "incidents-390-dark");
  await phone.page.getByRole("link", { name: "26-004118" }).click();
  const footage = phone.page.getByRole("region", { name: "Footage", exact: true });
  await footage.getByRole("link", { name: "Traffic stop, Elm St" }).waitFor();
  await eventually(() => footage.getByRole("link", { name: "Backup, Elm St" }).count()).toBe(0);
  expect(await phone.page.getByRole("link", { name: "Cases" }).count()).toBe(0);
  await judge(phone.page, "incident-390-dark");
  await phone.page.goto(`${site.url}/cases`);
  await phone.page.getByText("Your role does not allow this.").waitFor();
  expect(phone.complaints).toEqual([]);
  await phone.context.close();
});

it("a supervisor locks the footage: its wearer finds it locked until the statement is recorded", async () => {
  const [sergeant, wearer] = [await watchedPage(browser, site.url), await watchedPage(browser, site.url)];
  await signInAs(sergeant, "okafor@demo.example", "127.0.0.62");
  await signInAs(wearer, "adair@demo.example", "127.0.0.63");
  const on = sergeant.page;
  await on.goto(`${site.url}/incidents`);
  await on.getByRole("link", { name: "26-004118" }).click();
  await on.getByRole("button", { name: "Lock the footage" }).click();
  const dialog = on.getByRole("dialog", { name: "Lock for those who recorded it" });
  await dialog.getByRole("textbox", { name: "Why" }).fill("Force was used");
  await dialog.getByRole("button", { name: "Lock the footage" }).click();
  const locks = on.getByRole("region", { name: "Statement first" });
  await locks.getByText("no statement yet").waitFor();
  await judge(on, "incident-locked-1440");

  await wearer.page.goto(`${site.url}/library?as=list`);
  await wearer.page.getByText("Locked until your statement").waitFor();
  await wearer.page
    .getByRole("link", { name: /Traffic stop, Elm St/ })
    .first()
    .click();
  await wearer.page.getByText("It opens for you once your statement is recorded").waitFor();
  await judge(wearer.page, "evidence-locked-1440");
  expect(wearer.asked.filter((address) => /\/(media|playlist\.m3u8|poster)(\?|$)/.test(address))).toEqual([]);

  await locks.getByRole("button", { name: "Record statement of Ofc. Adair" }).click();
  await on.getByRole("dialog").getByRole("button", { name: "Record statement" }).click();
  await locks.getByText(/statement taken .* by Sgt. Okafor/).waitFor();
  await locks.getByRole("button", { name: "Unlock for Ofc. Adair" }).click();
  const end = on.getByRole("dialog", { name: "Unlock for Ofc. Adair" });
  await end.getByRole("textbox", { name: "Why" }).fill("Statement taken");
  await end.getByRole("button", { name: "Unlock" }).click();
  await locks.getByText(/unlocked by Sgt. Okafor/).waitFor();
  await wearer.page.reload();
  await eventually(() => wearer.page.locator("video").count()).toBe(1);
  expect([...sergeant.complaints, ...wearer.complaints]).toEqual([]);
});
