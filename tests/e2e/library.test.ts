import { randomUUID } from "node:crypto";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { type Footage, makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// The library as investigators use it: narrow it down, select, change many at once after seeing what would happen,
// and take it back. Real server, real Chromium.

const looks = [
  { name: "1440-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "1440-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "390-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { name: "390-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const satisfies (BrowserContextOptions & { name: string })[];

const titles = [
  "Noise complaint, Alder Ave",
  "Welfare check, Mill Rd",
  "Traffic stop, Elm St",
  "Foot patrol, Elm Park",
  "Traffic stop, Station Rd",
];

let site: Site;
let footage: Footage;
let browser: Browser;
let watched: Watched;
let page: Page;
const ids = new Map<string, string>();
const made = { traffic: "", force: "", affairs: "" };

vi.setConfig({ testTimeout: 240_000 });

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite();
  footage = makeFootage(site.folder, 3);
  for (const [n, title] of titles.entries()) {
    const camera = site.keys.cameras[n < 2 ? 1 : 0];
    ids.set(title, await recordShortly(site.url, camera?.token ?? "", footage, title));
  }
  for (const id of ids.values()) await settled(site.reader, id);
  const create = async (path: string, body: object): Promise<string> =>
    (await site.admin.call<{ id: string }>("POST", `/api/v1/${path}`, body)).id;
  made.traffic = await create("categories", { name: "Traffic stop", keep: { count: 90, unit: "day" } });
  made.force = await create("categories", { name: "Use of force", keep: { count: 3, unit: "year" } });
  const restrictedClassId = await create("restricted-classes", { name: "Internal Affairs" });
  // Somebody belongs to it: a class of nobody takes nothing in.
  const { items: people } = await site.admin.call<{ items: { id: string; email: string }[] }>("GET", "/api/v1/people");
  const member = people.find(({ email }) => email === "brandt@demo.example")?.id ?? "";
  await site.admin.call("PUT", `/api/v1/restricted-classes/${restrictedClassId}/members/${member}`);
  made.affairs = await create("categories", { name: "Complaint", keep: "indefinite", restrictedClassId });
  watched = await open("moreno@demo.example", "127.0.0.41", looks[0]);
  ({ page } = watched);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);

async function open(email: string, from: string, look: BrowserContextOptions): Promise<Watched> {
  const signedIn = await signIn(site.url, email, DEMO_PASSWORD, from);
  const opened = await watchedPage(browser, site.url, look);
  await opened.context.addCookies(
    signedIn.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
  return opened;
}

const card = (title: string) => page.locator(".item").filter({ hasText: title });
const shown = async (): Promise<string[]> => await page.locator(".item .item-title").allTextContents();
const categoriesOf = async (title: string): Promise<string[]> =>
  (await site.reader.evidence.get(ids.get(title) ?? "")).categories.map(({ name }) => name);

describe("filters", () => {
  it("stand in the address: a reload keeps them, Back takes one away, a chip takes it off", async () => {
    await page.goto(`${site.url}/library`);
    await eventually(async () => (await shown()).length).toBe(5);
    const facets = page.getByRole("complementary", { name: "Filters" });
    const camera = facets.getByRole("group", { name: "Camera" });
    await camera.getByLabel("VX-204").check();
    await eventually(shown).toEqual(titles.slice(0, 2).toReversed());
    expect(new URL(page.url()).searchParams.get("device")).toBe(site.keys.cameras[1]?.deviceId);
    // The other camera is still there to be chosen, with what it would bring.
    expect(await camera.textContent()).toMatch(/VX-118\s*3/);
    await facets.getByLabel("Last 7 days").check();
    await eventually(async () => new URL(page.url()).searchParams.get("when")).toBe("7d");

    await page.reload();
    await eventually(shown).toEqual(titles.slice(0, 2).toReversed());
    expect(await camera.getByLabel("VX-204").isChecked()).toBe(true);
    const chips = page.getByRole("list", { name: "Filters that are set" });
    await eventually(async () => await chips.locator(".chip-text").allTextContents()).toEqual([
      "When: last 7 days",
      "Camera: VX-204",
    ]);
    await page.goBack();
    await eventually(async () => await chips.locator(".chip-text").allTextContents()).toEqual(["Camera: VX-204"]);
    await page.getByRole("button", { name: "Remove the filter Camera: VX-204" }).click();
    await eventually(async () => (await shown()).length).toBe(5);
    expect(new URL(page.url()).search).toBe("");
  });

  it("by length and dates, typed", async () => {
    const facets = page.getByRole("complementary", { name: "Filters" });
    await facets.getByLabel("At least (min)").fill("2");
    await facets.getByLabel("At least (min)").press("Enter");
    await page.getByText("No item that you may see has Length: at least 2 min.").waitFor();
    await page.reload();
    await page.getByText("Length: at least 2 min", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).first().click();
    await facets.getByLabel("To", { exact: true }).fill("2020-12-31");
    await page.getByText("When: up to 31 Dec 2020", { exact: true }).waitFor();
    await page.getByText("Nothing matches").waitFor();
  });

  it("that leave nothing say which they are, and what each of them costs", async () => {
    await page.goto(`${site.url}/library?q=traffic&device=${site.keys.cameras[1]?.deviceId}`);
    await page.getByText("Nothing matches").waitFor();
    await page.getByText("No item that you may see has all of this: Text: traffic · Camera: VX-204.").waitFor();
    const ways = page.locator(".nothing-ways li");
    await eventually(async () => await ways.allTextContents()).toEqual([
      " Without “Text: traffic”2 items",
      " Without “Camera: VX-204”2 items",
    ]);
    await ways.getByRole("button").last().click();
    await eventually(async () => (await shown()).length).toBe(2);
  });

  it("typed by hand and not known are left out, and the search field keeps the others", async () => {
    await page.goto(`${site.url}/library?state=nonsense&device=1,${site.keys.cameras[0]?.deviceId}&from=yesterday`);
    await eventually(async () => (await shown()).length).toBe(3);
    await page.keyboard.press("/");
    await page.keyboard.type("station");
    await page.keyboard.press("Enter");
    await eventually(shown).toEqual(["Traffic stop, Station Rd"]);
  });

  it("fold away beside the items, and stay so", async () => {
    await page.goto(`${site.url}/library`);
    await page.getByRole("button", { name: "Filters", exact: true }).click();
    await page.getByRole("complementary", { name: "Filters" }).waitFor({ state: "detached" });
    await page.reload();
    await eventually(async () => (await shown()).length).toBe(5);
    expect(await page.getByRole("complementary", { name: "Filters" }).count()).toBe(0);
    await page.getByRole("button", { name: "Filters", exact: true }).click();
    await page.getByRole("complementary", { name: "Filters" }).waitFor();
  });
});

describe("selection", () => {
  it("by keys: x, Shift with arrows and back, everything, nothing", async () => {
    await page.goto(`${site.url}/library?as=list`);
    await eventually(async () => (await shown()).length).toBe(5);
    const count = async (): Promise<string> => (await page.locator(".bulk-count b").allTextContents()).join();
    await page.keyboard.press("ArrowDown");
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute("data-index"))).toBe("0");
    await page.keyboard.press("x");
    await eventually(count).toBe("1 item selected");
    for (const expected of ["2 items selected", "3 items selected"]) {
      await page.keyboard.press("Shift+ArrowDown");
      await eventually(count).toBe(expected);
    }
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute("data-index"))).toBe("2");
    await page.keyboard.press("Shift+ArrowUp");
    await eventually(count).toBe("2 items selected");
    await page.keyboard.press("Control+a");
    await eventually(count).toBe("5 items selected");
    await page.keyboard.press("Escape");
    await eventually(count).toBe("");
  });

  it("by pointer: the box, and Shift up to another one", async () => {
    await page.goto(`${site.url}/library`);
    await eventually(async () => (await shown()).length).toBe(5);
    await card(titles[4] ?? "").hover();
    await card(titles[4] ?? "")
      .getByRole("checkbox")
      .check();
    await card(titles[2] ?? "").click({ modifiers: ["Shift"] });
    await eventually(() => page.locator(".item-selected").count()).toBe(3);
    expect(new URL(page.url()).pathname).toBe("/library");
    await card(titles[3] ?? "")
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await eventually(() => page.locator(".item-selected").count()).toBe(2);
    await page.getByRole("button", { name: "Clear the selection" }).click();
    await eventually(() => page.locator(".item-selected").count()).toBe(0);
  });
});

async function selectTwo(): Promise<void> {
  await page.goto(`${site.url}/library?q=traffic`);
  await eventually(async () => (await shown()).length).toBe(2);
  await page.getByRole("checkbox", { name: "Select Traffic stop, Elm St" }).check();
  await page.getByRole("checkbox", { name: "Select Traffic stop, Station Rd" }).check();
}

describe("categories", () => {
  it("are given to two items after a preview, and taken back from exactly those that changed", async () => {
    const [, , elm = "", , station = ""] = titles;
    await site.reader.retention.classify({ ids: [ids.get(elm) ?? ""], add: [made.traffic] });
    await selectTwo();
    await page.getByRole("button", { name: "Categorise…" }).click();
    const dialog = page.getByRole("dialog", { name: "Categorise 2 items" });
    await dialog.getByText("1 of 2 have it").waitFor();
    await dialog.getByRole("group", { name: "Traffic stop" }).getByRole("button", { name: "Add" }).click();
    await dialog.getByText("1 item changes · 1 has it like this already").waitFor();
    await dialog.getByRole("group", { name: "Use of force" }).getByRole("button", { name: "Add" }).click();
    await dialog.getByText("2 items change", { exact: true }).waitFor();
    await eventually(async () => await dialog.locator(".preview-moves").textContent()).toMatch(
      /Keep until moves from \d+ \w+ \d{4} to \d+ \w+ \d{4} \(1 item\)/,
    );
    expect(await categoriesOf(station)).toEqual([]);
    await dialog.getByRole("button", { name: "Change 2 items" }).click();
    await page.getByText("2 items changed.").waitFor();
    await card(station).getByText("Traffic stop, Use of force").waitFor();
    await card(station)
      .getByText(/^keep until \d+ \w+ \d{4} \(3 years\)$/)
      .waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: 2 items have the categories of before.").waitFor();
    // Elm St had one of the two before, and keeps it.
    expect(await categoriesOf(elm)).toEqual(["Traffic stop"]);
    expect(await categoriesOf(station)).toEqual([]);
    await card(station).getByText("No category yet").waitFor();
  });

  it("that restrict say so before, and that there is no way back for who is no member", async () => {
    const [noise = ""] = titles;
    await page.goto(`${site.url}/library`);
    await card(noise).hover();
    await page.getByRole("checkbox", { name: `Select ${noise}` }).check();
    await page.getByRole("button", { name: "Categorise…" }).click();
    const dialog = page.getByRole("dialog", { name: "Categorise 1 item" });
    await dialog.getByRole("group", { name: "Complaint" }).getByRole("button", { name: "Add" }).click();
    await dialog.getByText("1 item becomes restricted to Internal Affairs").waitFor();
    await dialog.getByText("You are no member of it").waitFor();
    await dialog.getByRole("button", { name: "Change 1 item" }).click();
    await eventually(async () => (await shown()).length).toBe(4);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("1 item could not be undone: it is restricted to others now.").waitFor();
  });
});

describe("holds", () => {
  it("are placed with a reason and a day, marked on the item, and undone", async () => {
    await selectTwo();
    await page.getByRole("button", { name: "Hold…" }).click();
    const dialog = page.getByRole("dialog", { name: "Hold 2 items" });
    await dialog.getByLabel("Reason").fill("Preservation letter 26-118 of the county court");
    await dialog.getByLabel("Owner").selectOption("Sgt. Okafor");
    const day = await dialog.getByLabel("Review on").inputValue();
    expect(Math.round((Date.parse(day) - Date.now()) / 86_400_000)).toBeGreaterThan(178);
    await dialog.getByRole("button", { name: "Hold 2 items" }).click();
    await page.getByText(/^2 items held, to be reviewed on/).waitFor();
    await eventually(() => page.locator(".item .tag-held").count()).toBe(2);
    const retention = await site.reader.retention.retention(ids.get("Traffic stop, Elm St") ?? "");
    expect(retention.holds.map(({ owner, reviewOn }) => [owner.name, reviewOn])).toEqual([["Sgt. Okafor", day]]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: 2 holds ended, “placed by mistake”.").waitFor();
    await eventually(() => page.locator(".item .tag-held").count()).toBe(0);
  });

  it("are not offered to whom they are not given", async () => {
    const officer = await open("adair@demo.example", "127.0.0.42", looks[0]);
    await officer.page.goto(`${site.url}/library`);
    await officer.page.getByRole("checkbox", { name: "Select Foot patrol, Elm Park" }).check();
    await officer.page.getByRole("button", { name: "Categorise…" }).waitFor();
    expect(await officer.page.getByRole("button", { name: "Hold…" }).count()).toBe(0);
    const auditor = await open("brandt@demo.example", "127.0.0.43", looks[0]);
    await auditor.page.goto(`${site.url}/library`);
    await auditor.page.getByText("Foot patrol, Elm Park").waitFor();
    expect(await auditor.page.locator(".items input[type=checkbox]").count()).toBe(0);
    expect([...officer.complaints, ...auditor.complaints]).toEqual([]);
    await officer.context.close();
    await auditor.context.close();
  });
});

describe("for eyes and screen readers", () => {
  beforeAll(async () => {
    const { retention } = site.reader;
    await retention.classify({ ids: [ids.get("Traffic stop, Station Rd") ?? ""], add: [made.traffic, made.force] });
    const me = await site.admin.call<{ id: string }>("POST", "/api/v1/restricted-classes", { name: "Juvenile" });
    const { items } = await peopleOf();
    const moreno = items.find(({ name }) => name === "P. Moreno")?.id ?? randomUUID();
    await site.admin.call("PUT", `/api/v1/restricted-classes/${me.id}/members/${moreno}`, {});
    await site.admin.call("POST", "/api/v1/evidence/restrict", {
      ids: [ids.get("Welfare check, Mill Rd")],
      classId: me.id,
      reason: "A child is seen",
    });
    await site.admin.call("POST", "/api/v1/holds", {
      evidenceIds: [ids.get("Foot patrol, Elm Park"), ids.get("Welfare check, Mill Rd")],
      reason: "Court case 26-118",
      ownerId: moreno,
      reviewOn: "2027-05-20",
    });
  });
  const peopleOf = async (): Promise<{ items: { id: string; name: string }[] }> => {
    const signedIn = await signIn(site.url, "moreno@demo.example", DEMO_PASSWORD, "127.0.0.45");
    const answer = await fetch(`${site.url}/api/v1/people`, { headers: { cookie: signedIn } });
    return (await answer.json()) as { items: { id: string; name: string }[] };
  };

  it.each(looks)("$name", async (look) => {
    const seen = await open("moreno@demo.example", "127.0.0.44", look);
    const { page: at } = seen;
    const wide = look.viewport.width > 900;
    const problems: string[] = [];
    const judge = async (screen: string): Promise<void> => {
      await at.evaluate(() => document.fonts.ready);
      await shoot(at, `${screen}-${look.name}`);
      for (const line of await violations(at)) problems.push(`${screen}: ${line}`);
      const beyond = await at.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond > 0) problems.push(`${screen}: ${beyond} px beyond the right edge`);
    };
    await at.goto(`${site.url}/library?kind=video&when=30d&is=held,restricted,uncategorised`);
    await at.getByText("Foot patrol, Elm Park").waitFor();
    await at.getByText("Needs attention: Held", { exact: true }).waitFor();
    await at.waitForFunction(() => [...document.images].every((image) => image.complete));
    await judge("library-filters");
    if (!wide) {
      await at.getByRole("button", { name: "Filters (5)" }).click();
      await at.getByRole("dialog").getByLabel("VX-118").waitFor();
      await judge("library-filters-dialog");
      await at.getByRole("button", { name: "Show the items" }).click();
    }
    await at.goto(`${site.url}/library?as=list`);
    await at.getByText("Foot patrol, Elm Park").waitFor();
    await at.getByRole("checkbox", { name: "Select Foot patrol, Elm Park" }).check();
    await at.getByRole("checkbox", { name: "Select Traffic stop, Elm St" }).check();
    await judge("library-selected");
    await at.getByRole("button", { name: "Categorise…" }).click();
    const dialog = at.getByRole("dialog");
    await dialog.getByRole("group", { name: "Use of force" }).getByRole("button", { name: "Add" }).click();
    await dialog.getByRole("group", { name: "Complaint" }).getByRole("button", { name: "Add" }).click();
    await dialog.getByText("You are no member of it").waitFor();
    await judge("library-categorise");
    await at.keyboard.press("Escape");
    await at.getByRole("button", { name: "Hold…" }).click();
    await at.getByRole("dialog").getByLabel("Reason").fill("Court case 26-118");
    await judge("library-hold");
    await at.keyboard.press("Escape");
    expect(problems).toEqual([]);
    expect(seen.complaints).toEqual([]);
    expect(seen.refusals).toEqual([]);
    await seen.context.close();
  });
});

describe("a large library", () => {
  it("says where it stopped counting, counts units with those below, and draws only what is in sight", async () => {
    const central = await site.admin.call<{ id: string }>("POST", "/api/v1/units", { name: "Central" });
    const watch = { name: "Night watch", parentId: central.id };
    const night = await site.admin.call<{ id: string }>("POST", "/api/v1/units", watch);
    await site.asSuperuser(
      `insert into sworn.evidence (id, agency_id, title, kind, state, media_state, received_at, recorded_at, size,
         duration_ms, unit_id, device_id)
       select gen_random_uuid(), e.agency_id, 'Archive ' || n, 'video', 'stored', 'refused',
         timestamptz '2020-01-01' + n * interval '1 minute', timestamptz '2020-01-01' + n * interval '1 minute', 1000000,
         60000, case when n % 10 = 0 then $2::uuid when n % 10 < 3 then $3::uuid end, e.device_id
       from sworn.evidence e, generate_series(1, 10001) n where e.id = $1`,
      [ids.get("Traffic stop, Elm St"), central.id, night.id],
    );
    await page.goto(`${site.url}/library`);
    await page.getByText(/^more than 10,000 items · the newest 10,000: 16\d h \d+ min · \d+\.\d GB$/).waitFor();
    const facets = page.getByRole("complementary", { name: "Filters" });
    await facets.getByText(/^Counted over the newest 2,000 items of this selection\. A \+ says/).waitFor();
    const units = facets.getByRole("group", { name: "Unit" });
    const counts = await units
      .locator(".facet-value")
      .evaluateAll((all) =>
        all.map((one) => [
          one.querySelector(".facet-name")?.textContent,
          one.querySelector(".facet-count")?.textContent,
        ]),
      );
    expect(counts.map(([name]) => name)).toEqual(["Central", "Night watch"]);
    for (const [, count] of counts) expect(count).toMatch(/^\d{3}\+$/);
    expect(parseInt(counts[0]?.[1] ?? "", 10)).toBeGreaterThan(parseInt(counts[1]?.[1] ?? "", 10));
    expect(await facets.getByText("at least 2,000 items").count()).toBeGreaterThan(0);
    await shoot(page, "library-large");
    for (let n = 0; n < 12; n += 1) {
      await page.mouse.wheel(0, 6000);
      await page.waitForTimeout(150);
    }
    await eventually(async () => Number(await page.locator(".item").last().getAttribute("data-item"))).toBeGreaterThan(
      150,
    );
    expect(await page.locator(".item").count()).toBeLessThan(80);
  });

  it("nothing complained, nothing was refused", () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.refusals).toEqual([]);
  });
});
