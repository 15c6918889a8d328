import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Calls come in by a table, find their footage, and are decided about; shifts and people come by tables, too.

vi.setConfig({ testTimeout: 120_000 });

let site: Site;
let browser: Browser;
let desk: Watched;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const footage = makeFootage(site.folder, 2);
  const item = await recordShortly(site.url, site.keys.cameras[0]?.token ?? "", footage, "Traffic stop, Elm St");
  await settled(site.reader, item);
  desk = await open("127.0.0.90", { colorScheme: "light" });
  page = desk.page;
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

async function open(from: string, options: Parameters<typeof watchedPage>[2]): Promise<Watched> {
  const cookie = await signIn(site.url, "moreno@demo.example", DEMO_PASSWORD, from);
  const opened = await watchedPage(browser, site.url, options);
  await opened.context.addCookies(
    cookie.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
  return opened;
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

const minutes = (by: number): string => new Date(Date.now() + by * 60_000).toISOString();
const cell = (name: string): ReturnType<Page["getByRole"]> => page.getByRole("link", { name, exact: true });

it("a badge is given, and calls come in by a pasted table: what it does is seen before it is done", async () => {
  await site.asSuperuser("update sworn.person set badge = '4471' where email = 'adair@demo.example'");
  await page.goto(`${site.url}/calls`);
  await page.getByText("No calls yet").waitFor();
  await judge(page, "calls-empty-1440-light");
  await page.getByRole("button", { name: "Bring in a table…" }).click();
  const dialog = page.getByRole("dialog", { name: "Bring in calls" });
  const table = [
    "Ref;Dispatched;Cleared;Officers;Nature;Address",
    `26-7001;${minutes(-20)};${minutes(5)};4471;Traffic stop;Elm St & 4th Ave`,
    `26-7002;${minutes(-15)};${minutes(2)};4471, 9;Alarm;Oak St`,
    "26-7003;2026-03-08 02:30;2026-03-08 03:00;4471;Alarm;Oak St",
    `26-7004;${minutes(-900)};${minutes(-880)};4471;Welfare check;Pine St`,
  ].join("\n");
  await dialog.getByRole("textbox", { name: /or paste the table/ }).fill(table);
  await dialog.getByRole("button", { name: "Look at it" }).click();
  await dialog.getByText("Choose a column for Call number. Nothing can be read before.").waitFor();
  await dialog.getByLabel("Call number (needed)").selectOption("Ref");
  await dialog.getByLabel("Zone of times that say none").fill("America/New_York");
  await dialog.getByRole("button", { name: "Look again" }).click();
  await dialog.getByText("3 new · 0 changed · 0 as they are · 1 not taken").waitFor();
  await dialog.getByText("The clocks went forward: this time never was.").waitFor();
  await judge(page, "calls-import-1440-light");
  await dialog.getByRole("button", { name: "Bring in 3 rows" }).click();
  await page.getByText("3 rows brought in.").waitFor();
  await cell("26-7004").waitFor();
});

it("the list finds by state; what is surely right is accepted for many at once and taken back", async () => {
  // Both calls last while the recording was made: somebody has to choose.
  await page.getByLabel("State").selectOption("ambiguous");
  await cell("26-7001").waitFor();
  expect(new URL(page.url()).searchParams.get("state")).toBe("ambiguous");
  await page.getByLabel("State").selectOption("missing");
  await cell("26-7004").waitFor();
  expect(await cell("26-7001").count()).toBe(0);
  await page.getByRole("checkbox", { name: "Choose call 26-7004" }).check();
  await page.getByRole("button", { name: "No footage expected…" }).click();
  const dialog = page.getByRole("dialog", { name: "No footage is expected of 1 call" });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Camera in repair");
  await dialog.getByRole("button", { name: "Say so" }).click();
  await page.getByText("Said of 1 call.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Taken back.").waitFor();
  await page.getByLabel("State").selectOption("");
  await cell("26-7001").waitFor();
  await judge(page, "calls-1440-light");
});

it("a call says why footage is doubtful; it is refused for the other, accepted here, and goes into an incident", async () => {
  await cell("26-7002").click();
  const footage = page.getByRole("region", { name: "Footage", exact: true });
  await footage.getByText("on another call then, too", { exact: false }).waitFor();
  await judge(page, "call-ambiguous-1440-light");
  await footage.getByRole("button", { name: "Move Traffic stop, Elm St to another call" }).click();
  const move = page.getByRole("dialog", { name: "It shows another call" });
  expect(await move.getByLabel("The other call").inputValue()).toBe("26-7001");
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText("Traffic stop, Elm St moved to 26-7001.").waitFor();
  await footage.getByText("Does not show it", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "No footage expected… 9" }).waitFor();

  await page.goBack();
  await cell("26-7001").click();
  await footage.getByText("Accepted", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Make or join an incident…" }).click();
  const dialog = page.getByRole("dialog", { name: "Incident of call 26-7001" });
  await dialog.getByRole("button", { name: "Make or join" }).click();
  await page.getByText("Incident 26-7001 made; 1 item went with it.").waitFor();
  await judge(page, "call-1440-light");
  await page.getByRole("region", { name: "Incident", exact: true }).getByRole("link", { name: "26-7001" }).click();
  await page.getByText("Elm St & 4th Ave").first().waitFor();
  await page.getByText("with its call").waitFor();
  await page.getByRole("link", { name: "Traffic stop, Elm St" }).first().click();
  const calls = page.getByRole("region", { name: "Calls", exact: true });
  await calls.getByText("shows it", { exact: false }).waitFor();
  expect(desk.complaints).toEqual([]);
});

it("shifts and people come by tables, too; who is here is changed only with a tick", async () => {
  await page.goto(`${site.url}/admin#shifts`);
  const bringIn = async (panel: string, title: string, table: string): Promise<ReturnType<Page["getByRole"]>> => {
    await page.locator(panel).getByRole("button", { name: "Bring in a table…" }).click();
    const dialog = page.getByRole("dialog", { name: title });
    await dialog.getByRole("textbox", { name: /or paste the table/ }).fill(table);
    await dialog.getByRole("button", { name: "Look at it" }).click();
    return dialog;
  };
  const day = minutes(-1440).slice(0, 10);
  const rows = [`VX-204,4471,${day}T08:00Z,${day}T16:00Z`, `VX-9,4471,${day}T08:00Z,${day}T16:00Z`];
  const shifts = await bringIn("#shifts", "Bring in shifts", ["Camera,Badge,From,To", ...rows].join("\n"));
  await shifts.getByText("There is no such camera.").waitFor();
  await shifts.getByRole("button", { name: "Bring in 1 row" }).click();
  await page.getByText("1 row brought in.").waitFor();

  const people = await bringIn(
    "#people",
    "Bring in people",
    "Name,E-mail,Roles,Badge,Unit\nN. New,new@demo.example,officer,501,Central / Watch 1\nSgt. Okafor,okafor@demo.example,supervisor officer,502,\n",
  );
  await people.getByText("There is no such unit.").waitFor();
  await people.getByRole("checkbox", { name: /Make these units/ }).check();
  await people.getByRole("button", { name: "Look again" }).click();
  await people.getByRole("button", { name: "Bring in 1 row" }).waitFor();
  await people.getByRole("checkbox", { name: "Change okafor@demo.example" }).check();
  await judge(page, "people-import-1440-light");
  await people.getByRole("button", { name: "Bring in 2 rows" }).click();
  await page.getByText("2 rows brought in.", { exact: false }).waitFor();
  await page.locator("#people").getByRole("cell", { name: "502" }).waitFor();
  await page.locator("#invitations").getByText("new@demo.example").waitFor();
  expect(desk.complaints).toEqual([]);
});

it("on a phone, in the dark and in Spanish", async () => {
  const phone = await open("127.0.0.91", {
    colorScheme: "dark",
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: "es-ES",
  });
  await phone.page.goto(`${site.url}/calls`);
  await phone.page.getByRole("link", { name: "26-7001", exact: true }).waitFor();
  await judge(phone.page, "calls-390-dark");
  await phone.page.getByRole("link", { name: "26-7001", exact: true }).click();
  await phone.page.getByText("Aceptada", { exact: true }).first().waitFor();
  await judge(phone.page, "call-390-dark");
  await phone.page.goto(`${site.url}/calls`);
  await phone.page.getByRole("button", { name: "Traer una tabla…" }).click();
  await phone.page.getByRole("dialog").getByRole("button", { name: "Ver qué hace" }).waitFor();
  await judge(phone.page, "calls-import-390-dark");
  expect(phone.complaints).toEqual([]);
  await phone.context.close();
});
