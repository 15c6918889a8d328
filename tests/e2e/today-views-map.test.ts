import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { mkdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { beyondTheEdge, englishLeft } from "./harness/english-left.ts";
import { eventually, openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { settled } from "./harness/record.ts";
import { shoot, shoots } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// What waits for somebody, the views they keep, the map of what was found, and all of it in two languages.

const looks = [
  { name: "1440-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "390-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const satisfies (BrowserContextOptions & { name: string })[];

let site: Site;
let browser: Browser;
let watched: Watched;
let page: Page;
const seen = process.env["SWORN_LOOK"];

vi.setConfig({ testTimeout: 240_000 });

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite();
  for (const [n, title] of ["Traffic stop, Elm St", "Foot patrol, Elm Park"].entries()) {
    const walk = {
      start: { lat: 41.7641 + n / 100, lon: -72.6836 },
      corners: [
        [0, 0],
        [20, 10],
      ] as [number, number][],
      speed: 3,
    };
    const id = await site.record({ title, seconds: 3, walk });
    await settled(site.reader, id);
  }
  watched = await open(looks[0]);
  ({ page } = watched);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);

let from = 60;
async function open(look: BrowserContextOptions, who = "moreno"): Promise<Watched> {
  from += 1;
  const signedIn = await signIn(site.url, `${who}@demo.example`, DEMO_PASSWORD, `127.0.0.${from}`);
  const opened = await watchedPage(browser, site.url, look);
  await opened.context.addCookies(
    signedIn.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
  return opened;
}

/** No violation, and the page no wider than the window; a picture where somebody wants to look. */
async function judge(shown: Page, name: string): Promise<void> {
  await shown.evaluate(() => document.fonts.ready);
  if (seen !== undefined) {
    mkdirSync(seen, { recursive: true });
    await shown.screenshot({ path: `${seen}/${name}.png` });
  }
  if (shoots && /1440-light-en|390-dark-es/.test(name)) await shoot(shown, name);
  expect(await violations(shown), name).toEqual([]);
  const beyond = await shown.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(beyond, name).toBe(0);
}

async function speak(shown: Page, name: "English" | "Español"): Promise<void> {
  await shown.locator("button.person").click();
  await shown.getByRole("menuitemradio", { name }).click();
  // While it fades out it is a menu without its children.
  await shown.getByRole("menu").waitFor({ state: "detached" });
}

describe("today", () => {
  it("is where somebody begins, and lets them put aside and take back", async () => {
    await page.goto(`${site.url}/`);
    await page.getByRole("heading", { name: "Today" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/today");
    await page.getByRole("heading", { name: "The recovery sheet is missing" }).waitFor();
    const rows = page.locator(".today-row");
    await eventually(() => rows.count()).toBeGreaterThan(0);
    const before = await rows.count();
    await page
      .getByRole("button", { name: /^Put aside: / })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Until tomorrow" }).click();
    await page.getByText("One thing was put aside until tomorrow.").waitFor();
    await eventually(() => rows.count()).toBe(before - 1);
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(() => rows.count()).toBe(before);
    const first = page.getByRole("navigation", { name: "Screens" }).getByRole("link").first();
    expect(await first.textContent()).toMatch(/^Today\d+\d+ waits? for you$/);
  });

  it("tells of a task, and lets it be done and taken back there", async () => {
    const post = <T>(path: string, body: object): Promise<T> => site.admin.call<T>("POST", `/api/v1/${path}`, body);
    const incident = await post<{ id: string }>("incidents", { number: "26-4711", kind: "Collision" });
    const { person } = await site.admin.call<{ person: { id: string } }>("GET", "/api/v1/me");
    const task = { words: "Ask dispatch for the recording", ownerId: person.id, dueOn: "2026-01-31" };
    await post(`incidents/${incident.id}/tasks`, task);
    await page.goto(`${site.url}/today`);
    const row = page.locator(".today-row", { hasText: "Ask dispatch for the recording" });
    await row.getByText("26-4711").waitFor();
    await judge(page, "today-task-1440");
    await page.setViewportSize({ width: 390, height: 844 });
    await judge(page, "today-task-390");
    await page.setViewportSize({ width: 1440, height: 900 });
    await row.getByRole("button", { name: "Done: Ask dispatch for the recording" }).click();
    await page.getByText("The task is done.").waitFor();
    await eventually(() => row.count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await row.getByRole("link", { name: /Ask dispatch/ }).click();
    await page.getByRole("heading", { level: 1, name: /26-4711/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/incidents/${incident.id}`);
  });
});

describe("views", () => {
  it("are kept under a name, opened by it, changed, made the first one, removed and taken back", async () => {
    await page.goto(`${site.url}/library?kind=video&as=list`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save as a view…" }).click();
    const dialog = page.getByRole("dialog", { name: "Keep this view" });
    await dialog.getByLabel("Name").fill("All videos");
    await dialog.getByLabel("Who has it in their list").selectOption("agency");
    await judge(page, "view-save");
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await eventually(async () => new URL(page.url()).searchParams.has("view")).toBe(true);
    const id = new URL(page.url()).searchParams.get("view") ?? "";
    await page.getByRole("button", { name: "All videos", exact: true }).waitFor();

    // The name alone opens it; one more filter makes it another, which can be kept.
    await page.goto(`${site.url}/library?view=${id}`);
    await eventually(async () => new URL(page.url()).searchParams.get("kind")).toBe("video");
    await page.goto(`${site.url}/library?view=${id}&kind=video&as=list&is=uncategorised`);
    await page.getByRole("button", { name: "All videos, changed" }).click();
    await page.getByRole("menuitem", { name: "Keep the changes in this view" }).click();
    await page.getByText("“All videos” holds these filters now.").waitFor();
    await page.getByRole("button", { name: "All videos", exact: true }).click();
    await page.getByRole("menuitem", { name: "Open my library with it" }).click();
    await page.getByText("Your library opens with “All videos” from now on.").waitFor();
    await page.goto(`${site.url}/library`);
    await eventually(async () => new URL(page.url()).searchParams.get("view")).toBe(id);
    // Whoever clears the filters wants everything.
    await page.getByRole("button", { name: "Clear the filters" }).first().click();
    await eventually(async () => new URL(page.url()).searchParams.get("kind")).toBeNull();

    await page.goto(`${site.url}/library?view=${id}`);
    await page.getByRole("button", { name: "All videos", exact: true }).click();
    await page.getByRole("menuitem", { name: "Remove this view" }).click();
    await page.getByText("“All videos” was removed.").waitFor();
    expect((await site.admin.call<{ items: unknown[] }>("GET", "/api/v1/views")).items).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(
      async () => (await site.admin.call<{ items: unknown[] }>("GET", "/api/v1/views")).items.length,
    ).toBe(1);
    await site.admin.call("PUT", "/api/v1/views/default", { viewId: null });
  });
});

describe("the library", () => {
  it("is found as it was left: shown the same way, with its filters offered to go on with or to forget", async () => {
    await page.goto(`${site.url}/library?kind=video&as=list`);
    await page.locator(".items-list .item").first().waitFor();
    const left = async (): Promise<unknown> => (await site.admin.call<{ left: unknown }>("GET", "/api/v1/views")).left;
    await eventually(left).toEqual({ kind: "video", as: "list" });
    await page.goto(`${site.url}/library`);
    await page.getByText("Last time you looked at: Kind: Video.").waitFor();
    await eventually(async () => new URL(page.url()).search).toBe("?as=list");
    await judge(page, "library-left-1440");
    await page.getByRole("button", { name: "Go on with that" }).click();
    await eventually(async () => new URL(page.url()).searchParams.get("kind")).toBe("video");
    await page.goto(`${site.url}/library`);
    await page.getByRole("button", { name: "Forget it" }).click();
    await eventually(left).toEqual({ as: "list" });
    await page.getByRole("button", { name: "Pictures" }).click();
  });

  it("begins with a day that was gone to, by key, and is left for the newest", async () => {
    await page.goto(`${site.url}/library`);
    await page.locator(".item").first().waitFor();
    const all = await page.locator(".item").count();
    await page.keyboard.press("g");
    const field = page.getByLabel("Go to day");
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await field.fill("2020-01-31");
    await page.getByText("Nothing was recorded on that day or before it.").waitFor();
    await field.fill("2099-12-31");
    await eventually(() => page.locator(".item").count()).toBe(all);
    expect(new URL(page.url()).searchParams.get("at")).toBe("2099-12-31");
    await judge(page, "library-go-to-1440");
    await page.setViewportSize({ width: 390, height: 844 });
    await judge(page, "library-go-to-390");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "Back to the newest" }).click();
    await eventually(async () => new URL(page.url()).searchParams.has("at")).toBe(false);
  });
});

describe("the map", () => {
  it("gathers what was found, opens it, and takes a place by pointer and by keys", async () => {
    await page.goto(`${site.url}/library?as=map`);
    await page.getByText("2 items in view").waitFor();
    await eventually(() => page.locator(".map-mark").count()).toBe(2);
    await page.getByRole("button", { name: "Circle" }).click();
    await page.getByText("Click the middle, then how far.").waitFor();
    const sheet = page.locator(".map-sheet");
    const mark = await page.getByRole("button", { name: "Foot patrol, Elm Park" }).boundingBox();
    const box = await sheet.boundingBox();
    if (mark === null || box === null) throw new Error("the map shows nothing");
    const at = { x: mark.x + mark.width / 2 - box.x, y: mark.y + mark.height / 2 - box.y };
    await sheet.click({ position: at, force: true });
    await sheet.click({ position: { x: at.x + 60, y: at.y + 20 }, force: true });
    await eventually(async () => new URL(page.url()).searchParams.get("near")).toMatch(/^-72\.68\d*,41\.77\d*,\d+$/);
    await page.getByText("1 item in view").waitFor();
    await judge(page, "library-map-drawn");

    const form = page.getByRole("form", { name: "Type a place" });
    await form.getByLabel("Latitude").fill("41.7641");
    await form.getByLabel("Longitude").fill("-72.6836");
    await form.getByLabel("Within (m)").fill("300");
    await form.getByLabel("Within (m)").press("Enter");
    await eventually(() => page.locator(".map-mark").getAttribute("aria-label")).toBe("Traffic stop, Elm St");
    // A mark is reached and opened by keys.
    await page.locator(".map-mark").focus();
    await page.keyboard.press("Enter");
    await eventually(async () => new URL(page.url()).pathname).toMatch(/^\/evidence\//);
  });
});

describe.each(looks)("$name", (look) => {
  it.each(["en", "es"] as const)("in %s: readable, and nothing beyond the edge", async (language) => {
    const opened = await open(look);
    const shown = opened.page;
    await shown.goto(`${site.url}/today`);
    await shown.locator(".today-row").first().waitFor();
    await speak(shown, language === "es" ? "Español" : "English");
    await eventually(() => shown.evaluate(() => document.documentElement.lang)).toBe(language);
    await shown.getByRole("heading", { name: language === "es" ? "Hoy" : "Today" }).waitFor();
    // The focus is where the choice was made.
    expect(await shown.evaluate(() => document.activeElement?.className)).toContain("person");
    await judge(shown, `today-${look.name}-${language}`);
    await shown.goto(`${site.url}/library?as=map`);
    await eventually(() => shown.locator(".map-mark").count()).toBe(2);
    await judge(shown, `library-map-${look.name}-${language}`);
    for (const path of ["library", "upload", "admin", "design"]) {
      await shown.goto(`${site.url}/${path}`);
      await shown.locator("h1").waitFor();
      await eventually(() => shown.getByText(/Loading…|Cargando…/).count()).toBe(0);
      await judge(shown, `${path}-${look.name}-${language}`);
    }
    expect(opened.complaints).toEqual([]);
    await opened.context.close();
  });

  it("another browser of the same person speaks their language", async () => {
    const opened = await open(look);
    await opened.page.goto(`${site.url}/today`);
    await opened.page.getByRole("heading", { name: "Hoy" }).waitFor();
    expect(await opened.page.evaluate(() => document.documentElement.lang)).toBe("es");
    await opened.context.close();
  });
});

it("every screen speaks Spanish and nothing of it lies beyond a phone's edge, the bar's last screens under one entry", async () => {
  const made = async (path: string, body: object, method: "POST" | "PUT" = "POST"): Promise<string> =>
    (await site.admin.call<{ id: string }>(method, `/api/v1/${path}`, body)).id;
  const now = new Date().toISOString();
  const [item] = (await site.admin.call<{ items: { id: string }[] }>("GET", "/api/v1/evidence")).items;
  const ids: Readonly<Record<string, string>> = {
    "/evidence/$id": item?.id ?? "",
    "/incidents/$id": await made("incidents", { number: "26-5005", kind: "Collision" }),
    "/calls/$id": await made("calls/by-number/C-5005", { kind: "Alarm", from: now, to: now }, "PUT"),
    "/cases/$id": await made("cases", { number: "26-C-505", title: "Alder Ave" }),
  };
  // Each path that the router knows, so that a screen that is new is walked too.
  const router = readFileSync(new URL("../../apps/web/src/app/router.tsx", import.meta.url), "utf8");
  const paths = [...router.matchAll(/path: "([^"]+)"/g)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(16);
  const opened = await open(looks[1]);
  // Who reads the histories is somebody else; the browser says what they speak.
  const auditor = await open({ ...looks[1], locale: "es-ES" }, "brandt");
  await opened.page.goto(`${site.url}/today`);
  await speak(opened.page, "Español");
  const wrong: string[] = [];
  for (const path of paths.filter((each) => !["/", "/sign-in", "/set-up", "/invitation"].includes(each))) {
    const shown = path === "/audit" ? auditor.page : opened.page;
    const id = ids[path];
    if (path.includes("$")) expect(id, `${path}: make one of it here`).toBeTruthy();
    await shown.goto(site.url + path.replace("$id", id ?? ""));
    await shown.locator("h1").first().waitFor();
    await eventually(() => shown.evaluate(() => document.documentElement.lang)).toBe("es");
    await still(shown);
    await eventually(() => shown.getByText("Cargando…").count()).toBe(0);
    if (seen !== undefined)
      await shown.screenshot({ path: `${seen}/walk${path.replaceAll("/", "-")}.png`, fullPage: true });
    wrong.push(...(await englishLeft(shown, written)).map((text) => `${path}: English “${text}”`));
    wrong.push(...(await beyondTheEdge(shown)).map((text) => `${path}: beyond the edge ${text}`));
  }
  expect(wrong).toEqual([]);

  const bar = opened.page.getByRole("navigation", { name: "Pantallas" });
  expect(await bar.getByRole("link").count()).toBe(4);
  const cut = await bar
    .locator(".rail-link > span:first-of-type")
    .evaluateAll((spans) =>
      spans
        .filter((span) => span.checkVisibility() && span.scrollWidth > (span.parentElement?.clientWidth ?? 0))
        .map((span) => span.textContent),
    );
  expect(cut).toEqual([]);
  const more = bar.getByRole("button", { name: /^Más/ });
  await more.click();
  await opened.page.getByRole("menuitem", { name: "Gestión" }).click();
  await eventually(async () => new URL(opened.page.url()).pathname).toBe("/admin");
  await eventually(() => more.getAttribute("aria-current")).toBe("true");
  for (const each of [opened, auditor]) {
    expect(each.complaints).toEqual([]);
    await each.context.close();
  }
});

/** Until what the page says stays as it is. */
async function still(shown: Page): Promise<void> {
  let [before, now] = ["", await shown.locator("body").innerText()];
  for (let times = 0; times < 2; before = now, now = await shown.locator("body").innerText()) {
    times = now === before ? times + 1 : 0;
    await shown.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250)));
  }
}

/** What people and cameras wrote stays as they wrote it. */
const written = ["Traffic stop, Elm St", "Foot patrol, Elm Park", "Ask dispatch for the recording"];
