import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, signInByPage, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot, shoots } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// What an item is, how long it is kept and who may see it: set up by an administrator, used on the item's own page.

vi.setConfig({ testTimeout: 240_000 });

let site: Site;
let browser: Browser;
let desk: Watched;
let page: Page;
let item: string;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const footage = makeFootage(site.folder, 4);
  item = await recordShortly(site.url, site.keys.cameras[0]?.token ?? "", footage, "Traffic stop, Elm St");
  await settled(site.reader, item);
  desk = await watchedPage(browser, site.url, { colorScheme: "light" });
  page = desk.page;
  await desk.context.addCookies(await cookiesOf("moreno@demo.example", "127.0.0.50"));
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

async function cookiesOf(email: string, from: string): Promise<{ name: string; value: string; url: string }[]> {
  const cookie = await signIn(site.url, email, DEMO_PASSWORD, from);
  return cookie.split("; ").map((one) => {
    const [name = "", ...value] = one.split("=");
    return { name, value: value.join("="), url: site.url };
  });
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

const panel = (title: string): Locator => page.getByRole("region", { name: title, exact: true });
const keeping = (): Locator => page.getByRole("region", { name: "Keeping" });
const dialog = (title: string): Locator => page.getByRole("dialog", { name: title });

/** Opens a row's menu and one of its steps. */
async function step(of: string, label: string): Promise<void> {
  await page.getByRole("button", { name: `Change ${of}`, exact: true }).click();
  await page.getByRole("menuitem", { name: label }).click();
}

describe("an administrator", () => {
  it("is taught the first step where nothing is set up yet", async () => {
    await page.goto(`${site.url}/admin`);
    await panel("Units").getByText("No unit yet.").waitFor();
    await panel("Categories").getByText("No category yet.").waitFor();
    await panel("Restricted classes").getByText("No restricted class yet.").waitFor();
    await judge(page, "admin-empty-1440-light");
  });

  it("grows a tree of units: adds below, refuses a name twice at its field, renames, moves, archives", async () => {
    const units = panel("Units");
    const lines = async (): Promise<string[]> =>
      units.locator(".tree-line").evaluateAll((all) =>
        all.map((line) => {
          const [name] = line.getElementsByClassName("tree-name");
          const below = name?.firstElementChild?.textContent ?? "";
          return `${below}${(name?.textContent ?? "").slice(below.length)}`;
        }),
      );
    for (const name of ["North", "South"]) {
      await units.getByText("Add a unit", { exact: true }).click();
      await units.getByRole("textbox", { name: "Name" }).fill(name);
      await units.getByRole("button", { name: "Add", exact: true }).click();
      await units.getByRole("button", { name: `Change ${name}` }).waitFor();
    }
    await step("North", "Add a unit below…");
    await dialog("A unit below North").getByRole("textbox", { name: "Name" }).fill("7th");
    await page.keyboard.press("Enter");
    await eventually(lines).toEqual(["North", "Below North: 7th", "South"]);

    await step("South", "Rename…");
    const renaming = dialog("Rename South");
    await renaming.getByRole("textbox", { name: "Name" }).fill("North");
    await renaming.getByRole("button", { name: "Save" }).click();
    const name = renaming.getByRole("textbox", { name: "Name" });
    await eventually(() => name.getAttribute("aria-invalid")).toBe("true");
    await renaming.getByText("Something here has this name already.").waitFor();
    await judge(page, "admin-name-taken-1440-light");
    await name.fill("West");
    await renaming.getByRole("button", { name: "Save" }).click();
    await eventually(lines).toEqual(["North", "Below North: 7th", "West"]);

    await step("North", "Move…");
    // Neither itself nor what lies below it is offered.
    const places = dialog("Move North").getByLabel("Below").locator("option");
    await eventually(() => places.allTextContents()).toEqual(["at the top", "West"]);
    await page.keyboard.press("Escape");
    await step("7th", "Move…");
    await dialog("Move 7th").getByLabel("Below").selectOption("West");
    await dialog("Move 7th").getByRole("button", { name: "Move it" }).click();
    await eventually(lines).toEqual(["North", "West", "Below West: 7th"]);

    await step("North", "Archive…");
    await dialog("Archive North").getByRole("button", { name: "Archive it" }).click();
    await units.locator(".tree-line").filter({ hasText: "North" }).getByText("no longer in use").waitFor();
  });

  it("says what items can be and how long each is kept", async () => {
    const categories = panel("Categories");
    await categories.getByText("Add a category").click();
    await categories.getByRole("textbox", { name: "Name" }).fill("Traffic stop");
    await categories.getByRole("spinbutton").fill("90");
    await categories.getByRole("button", { name: "Add", exact: true }).click();
    await categories.getByRole("cell", { name: "90 days" }).waitFor();

    await categories.getByText("Add a category").click();
    await categories.getByRole("textbox", { name: "Name" }).fill("Homicide");
    await categories.getByLabel("Unit of the period").selectOption("without end");
    await eventually(() => categories.getByRole("spinbutton").isDisabled()).toBe(true);
    await categories.getByRole("button", { name: "Add", exact: true }).click();
    await categories.getByRole("cell", { name: "Homicide", exact: true }).waitFor();

    await categories.getByRole("button", { name: "Change Uncategorised items" }).click();
    const rule = dialog("How long uncategorised items are kept");
    await rule.getByLabel("Unit of the period").selectOption("years");
    await rule.getByLabel("Kept for").fill("2");
    await rule.getByRole("button", { name: "Save" }).click();
    await categories.getByRole("cell", { name: "2 years" }).waitFor();
  });

  it("makes a restricted class, names whom to ask, adds and removes a member", async () => {
    const classes = panel("Restricted classes");
    await classes.getByText("Add a restricted class").click();
    await classes.getByRole("textbox", { name: "Name" }).fill("Internal affairs");
    await classes.getByRole("button", { name: "Add", exact: true }).click();
    await classes.getByText("No member yet: nobody sees its items.").waitFor();
    await step("Internal affairs", "Name and contact…");
    await dialog("Change Internal affairs").getByLabel("Whom to ask").fill("Demo desk, room 4");
    await dialog("Change Internal affairs").getByRole("button", { name: "Save" }).click();
    await classes.getByText("Whom to ask: Demo desk, room 4").waitFor();
    for (const person of ["Sgt. Okafor", "P. Moreno"]) {
      await classes.getByRole("button", { name: "Add a member…" }).click();
      const adding = dialog("A member for Internal affairs");
      await adding.getByLabel("Person").selectOption(person);
      await adding.getByRole("button", { name: "Add the member" }).click();
      await classes.getByRole("listitem").filter({ hasText: person }).first().waitFor();
    }
    await classes.getByRole("button", { name: "Remove Sgt. Okafor from Internal affairs" }).click();
    await dialog("Remove Sgt. Okafor").getByRole("button", { name: "Remove the member" }).click();
    await classes
      .getByRole("button", { name: "Remove Sgt. Okafor from Internal affairs" })
      .waitFor({ state: "detached" });
  });

  it("gives a person a unit, and cannot take the last administrator away", async () => {
    const people = panel("People");
    await step("Ofc. Adair", "Roles and unit…");
    const roles = dialog("Roles and unit of Ofc. Adair");
    const seventh = await roles.locator("option", { hasText: "7th" }).getAttribute("value");
    await roles.getByRole("combobox", { name: "Unit" }).selectOption(seventh);
    await judge(page, "admin-person-1440-light");
    await roles.getByRole("button", { name: "Save" }).click();
    await people
      .getByRole("row", { name: /Ofc\. Adair/ })
      .getByRole("cell", { name: "7th", exact: true })
      .waitFor();

    await step("P. Moreno", "Disable…");
    const own = dialog("Disable the sign-in of P. Moreno");
    await own.getByRole("button", { name: "Disable" }).click();
    await own.getByRole("alert").getByText("Nobody would be left who manages people.").waitFor();
    await page.keyboard.press("Escape");
  });

  it("disables a person, whose session ends at once, and revokes a camera", async () => {
    const officer = await watchedPage(browser, site.url);
    await officer.page.goto(`${site.url}/sign-in`);
    await signInByPage(officer.page, "adair@demo.example");
    await officer.page.getByText("Traffic stop, Elm St").first().waitFor();
    await step("Ofc. Adair", "Disable…");
    await dialog("Disable the sign-in of Ofc. Adair").getByRole("button", { name: "Disable" }).click();
    await panel("People").getByText("sign-in disabled").waitFor();
    await officer.page.goto(`${site.url}/evidence/${item}`);
    await officer.page.getByLabel("E-mail").waitFor();
    await officer.context.close();

    await page.getByRole("button", { name: "Revoke camera VX-204" }).click();
    await dialog("Revoke the camera VX-204").getByRole("button", { name: "Revoke the camera" }).click();
    await panel("Cameras")
      .getByRole("row", { name: /VX-204/ })
      .getByText("revoked")
      .waitFor();
    await judge(page, "admin-1440-light");
  });
});

describe("an item", () => {
  const sentence = (): Locator => keeping().locator(".keeping-sentence");

  it("says how long it is kept and why, and another sentence once it is categorised; that can be undone", async () => {
    await page.goto(`${site.url}/evidence/${item}`);
    await sentence()
      .getByText(/^Keep until \d+ \w+ 20\d\d \(not categorised yet, 2 years from /)
      .waitFor();
    const history = page.locator(".custody-sentence");
    const entries = async (): Promise<number> => Number(/^(\d+) entr/.exec((await history.textContent()) ?? "")?.[1]);
    await eventually(entries).toBeGreaterThan(0);
    const before = await entries();
    await keeping().getByRole("button", { name: "Category" }).click();
    await page.getByRole("menuitem", { name: /^Traffic stop/ }).waitFor();
    await judge(page, "evidence-categories-1440-light");
    await page.getByRole("menuitem", { name: /^Traffic stop/ }).click();
    await sentence()
      .getByText(/^Keep until \d+ \w+ 20\d\d \(Traffic stop, 90 days from /)
      .waitFor();
    await keeping().getByText("Traffic stop was added.").waitFor();
    // The history below says it as well, without being asked again by hand.
    await eventually(entries).toBeGreaterThan(before);
    await keeping().getByRole("button", { name: "Undo" }).click();
    await sentence()
      .getByText(/not categorised yet/)
      .waitFor();
    await keeping().getByRole("button", { name: "Category" }).click();
    await page.getByRole("menuitem", { name: /^Homicide/ }).click();
    await sentence().getByText("Keep without end (Homicide).").waitFor();
    await keeping().getByRole("button", { name: "Take away Homicide" }).click();
    await sentence()
      .getByText(/not categorised yet/)
      .waitFor();
  });

  it("shows a refused category no longer than the server needs to refuse it", async () => {
    // Archived meanwhile by somebody else, behind this page's back.
    const { items } = await site.reader.retention.categories();
    const homicide = items.find(({ name }) => name === "Homicide")?.id ?? "";
    await site.admin.call("PATCH", `/api/v1/categories/${homicide}`, { archived: true });
    await keeping().getByRole("button", { name: "Category" }).click();
    await page.getByRole("menuitem", { name: /^Homicide/ }).click();
    await keeping().getByRole("alert").getByText("This category is no longer in use.").waitFor();
    await keeping().getByText("Not categorised yet", { exact: true }).waitFor();
  });

  it("is held with a reason, an owner and a day of review, and released with a reason that stays", async () => {
    await keeping().getByRole("button", { name: "Hold…" }).click();
    const placing = dialog("Place a hold");
    await placing.getByLabel("Reason").fill("Complaint 26-31, Elm St");
    await placing.getByLabel("Owner: who reviews it").selectOption("Sgt. Okafor");
    await judge(page, "evidence-hold-1440-light");
    await placing.getByRole("button", { name: "Place the hold" }).click();
    await sentence().getByText("Held: nothing is disposed of while this lasts.").waitFor();
    await sentence().getByText("Without the hold: keep until").waitFor();
    await keeping().getByText("Owner Sgt. Okafor · review on").waitFor();
    await keeping().getByText("Placed by P. Moreno").waitFor();
    await page.locator(".evidence-head").getByText("Held", { exact: true }).waitFor();
    await judge(page, "evidence-held-1440-light");

    await keeping().getByRole("button", { name: "Release the hold: Complaint 26-31, Elm St" }).click();
    const releasing = dialog("Release this hold");
    await releasing.getByLabel("Reason").fill("Complaint withdrawn");
    await releasing.getByRole("button", { name: "Release the hold" }).click();
    await sentence()
      .getByText(/^Keep until/)
      .waitFor();
    await keeping().getByText("1 hold that ended").click();
    await keeping().getByText("Complaint withdrawn").waitFor();
  });

  it("is restricted to a class, says whom to ask, and is gone for whoever is no member", async () => {
    await keeping().getByRole("button", { name: "Restrict…" }).click();
    const restricting = dialog("Who may see this item");
    await restricting.getByText("You belong to this class and go on seeing the item.").waitFor();
    await restricting.getByLabel("Reason").fill("Complaint 26-31");
    await restricting.getByRole("button", { name: "Restrict it" }).click();
    await keeping().getByText("Restricted: Internal affairs").waitFor();
    await keeping().getByText("Questions go to Demo desk, room 4.").waitFor();

    const look = async (name: string, options: object): Promise<void> => {
      const watched = await watchedPage(browser, site.url, options);
      await watched.context.addCookies(await desk.context.cookies());
      await watched.page.goto(`${site.url}/evidence/${item}`);
      const section = watched.page.getByRole("region", { name: "Keeping" });
      await section.getByText("Restricted: Internal affairs").waitFor();
      await section.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await judge(watched.page, `evidence-keeping-${name}`);
      await watched.page.goto(`${site.url}/admin`);
      await watched.page
        .getByRole("region", { name: "Restricted classes", exact: true })
        .getByText("P. Moreno")
        .waitFor();
      await judge(watched.page, `admin-${name}`);
      for (const title of ["Units", "Restricted classes"]) {
        await watched.page
          .getByRole("region", { name: title, exact: true })
          .evaluate((element) => element.scrollIntoView());
        await shoot(watched.page, `admin-${title.toLowerCase().replace(" ", "-")}-${name}`);
      }
      expect(watched.complaints).toEqual([]);
      await watched.context.close();
    };
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
    await look("1440-dark", { colorScheme: "dark" });
    await look("390-light", { ...phone, colorScheme: "light" });
    // Without pictures to take, the fourth look shows axe nothing that the other three have not.
    if (shoots) await look("390-dark", { ...phone, colorScheme: "dark" });

    const { items } = await site.reader.evidence.list();
    expect(items.map(({ id }) => id)).not.toContain(item);
    await site.admin.call("POST", "/api/v1/restricted-classes", { name: "Juveniles" });
    await page.reload();
    await keeping().getByRole("button", { name: "Change restriction…" }).click();
    await restricting.getByLabel("Restricted class").selectOption("Juveniles");
    await restricting.getByText("You do not belong to this class: afterwards this page is not there for you").waitFor();
    await judge(page, "evidence-restrict-1440-light");
    await restricting.getByLabel("Reason").fill("A minor is seen");
    await restricting.getByRole("button", { name: "Restrict it" }).click();
    await page.getByText("There is nothing here, or it is not yours to see.").waitFor();
  });
});

it("left the site at no time, and nothing complained", () => {
  expect(desk.asked.length).toBeGreaterThan(50);
  expect(desk.complaints).toEqual([]);
  const gone = new RegExp(`^404 /api/v1/evidence/${item}`);
  const expected = [/^409 \/api\/v1\/(units|people)\//, /^400 \/api\/v1\/evidence\/classify$/, gone];
  expect(desk.refusals.filter((line) => expected.every((each) => !each.test(line)))).toEqual([]);
});
