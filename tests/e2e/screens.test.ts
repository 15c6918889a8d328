import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Sworn, bytesSource } from "@sworn/sdk";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD, demoPeople } from "../../tools/demo/people.ts";
import { type Footage, makeFootage, uniqueFile } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, picture, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot, shoots } from "./harness/shoot.ts";
import { openSite, type Recorded, type Site } from "./harness/site.ts";
import { filmStreet, type Street } from "./harness/street.ts";

// Every screen, light and dark, wide and narrow: judged by axe, and nothing asked of anybody else. With
// SWORN_SCREENS=1 the pictures in docs/screens are taken anew, with footage that is drawn for them.

const looks = [
  { name: "1440-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "1440-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "390-light", colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: "390-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true },
] as const satisfies (BrowserContextOptions & { name: string })[];
type Look = (typeof looks)[number];

/** Without pictures to take, the fourth look shows axe nothing that the other three have not. */
const judged: readonly Look[] = shoots ? looks : looks.slice(0, 3);

/** The pictures that are kept, of all that could be. */
const kept: ReadonlySet<string> = new Set([
  ...looks.flatMap(({ name }) => [`evidence-${name}`, `library-${name}`]),
  "custody-1440-light",
  "custody-390-dark",
  "library-list-1440-light",
  "upload-1440-dark",
  "upload-390-light",
  "admin-1440-light",
  "sign-in-1440-dark",
  "set-up-1440-light",
]);

interface Scene extends Omit<Recorded, "source"> {
  readonly street: Omit<Street, "seconds" | "label">;
}
const scenes: readonly Scene[] = [
  {
    title: "School crossing, Alder Ave",
    seconds: 9,
    camera: 1,
    street: { seed: 8, hour: "day", speed: 1.4 },
    walk: {
      start: { lat: 41.7598, lon: -72.6902 },
      corners: [
        [0, 0],
        [30, 8],
        [20, -30],
      ],
      speed: 1.4,
    },
  },
  {
    title: "Traffic stop, Elm St",
    seconds: 10,
    camera: 1,
    street: { seed: 5, hour: "night", speed: 9 },
    walk: {
      start: { lat: 41.7641, lon: -72.6836 },
      corners: [
        [0, 0],
        [90, 30],
        [140, 26],
      ],
      speed: 9,
    },
  },
  {
    title: "Foot patrol, Elm Park",
    seconds: 24,
    street: { seed: 3, hour: "dusk", speed: 2 },
    walk: {
      start: { lat: 41.7637, lon: -72.6851 },
      corners: [
        [0, 0],
        [14, 5],
        [22, 18],
        [8, 26],
        [-8, 15],
      ],
      speed: 2,
    },
  },
];

let site: Site;
let footage: Footage;
let browser: Browser;
let cookies: { name: string; value: string }[];
/** The item that the evidence page is shown with. */
let shown: string;
const pages = new Map<string, Watched>();
/** What was found wrong since it was last looked at: one broken screen must not hide the next. */
const problems: string[] = [];
let problemsAtSetUp: string[];

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite({ setUp: setUpByPage });
  problemsAtSetUp = problems.splice(0);
  footage = makeFootage(site.folder, 9);
  const camera = shoots ? recordStreets : recordOne;
  const [id] = await Promise.all([camera(), uploadOne()]);
  shown = id;
  const signedIn = await signIn(site.url, "moreno@demo.example", DEMO_PASSWORD, "127.0.0.40");
  cookies = signedIn.split("; ").map((one) => {
    const [name = "", ...value] = one.split("=");
    return { name, value: value.join("=") };
  });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);

// A test here is many screens; on a machine that does other things as well each of them takes seconds.
vi.setConfig({ testTimeout: 240_000 });

afterEach(() => expect(problems.splice(0)).toEqual([]));

/** The first person's way in: the link that the server printed, once. */
async function setUpByPage(link: string): Promise<void> {
  const [first] = demoPeople;
  const { origin } = new URL(link);
  for (const look of judged) {
    const watched = await watchedPage(browser, origin, look);
    const { page } = watched;
    await page.goto(`${origin}/`);
    await page.getByText("Nobody has an account here yet.").waitFor();
    expect(await page.content()).not.toContain("token=");
    await judge(page, "sign-in-new", look);
    await page.goto(link);
    await page.getByLabel("Agency").fill("Elm County (demo)");
    await page.getByLabel("Time zone").selectOption("America/New_York");
    await page.getByLabel("Your name").fill(first?.name ?? "");
    await page.getByLabel("E-mail").fill(first?.email ?? "");
    await page.locator("input[name=password]").fill(DEMO_PASSWORD);
    await judge(page, "set-up", look);
    if (look !== judged.at(-1)) {
      await page.goto("about:blank"); // a link that was only looked at stays open
      problems.push(...watched.complaints);
      await watched.context.close();
      continue;
    }
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByText("Nothing here yet").waitFor();
    await judge(page, "library-empty", look);
    await page.getByRole("button", { name: "Make it now" }).click();
    await page.getByRole("dialog").waitFor();
    await judge(page, "recovery", look);
    await page.getByRole("button", { name: "Show the sheet" }).click();
    await judge(page, "recovery-sheet", look);
    await page.getByRole("button", { name: "It is printed and locked away" }).click();
    await page.getByText("The recovery sheet was not made yet").waitFor({ state: "detached" });
    await page.goto(link);
    await page.getByText("This set-up link was used or has expired.").waitFor();
    await judge(page, "set-up-used", look);
    problems.push(...watched.complaints);
    await watched.context.close();
  }
}

async function recordOne(): Promise<string> {
  const [scene] = scenes.slice(-1);
  if (scene === undefined) throw new Error("there is no scene");
  const id = await recordShortly(site.url, site.keys.cameras[0]?.token ?? "", footage, scene.title);
  await settled(site.reader, id);
  return id;
}

async function recordStreets(): Promise<string> {
  let last = "";
  for (const { street, ...scene } of scenes) {
    const source = join(site.folder, `${street.hour}.mp4`);
    const label = scene.camera === 1 ? "VX-204  ELM COUNTY" : "VX-118  ELM COUNTY";
    await filmStreet(browser, { ...street, seconds: scene.seconds, label }, source);
    last = await site.record({ ...scene, source });
    await settled(site.reader, last);
  }
  return last;
}

async function uploadOne(): Promise<void> {
  const sworn = new Sworn({ url: site.url, token: site.keys.reader });
  const file = join(site.folder, "door.mp4");
  const street = { seed: 11, hour: "day", speed: 0, seconds: 6, label: "DOOR 12" } as const;
  if (shoots) await filmStreet(browser, street, file);
  else writeFileSync(file, uniqueFile(footage, "door", 1_200_000));
  const source = bytesSource(readFileSync(file), "Door camera, Alder Ave 12.mp4");
  const url = await sworn.uploads.create(source);
  await sworn.uploads.send(url, source);
  const { evidenceId } = await sworn.uploads.settled(url);
  await settled(site.reader, evidenceId ?? "");
}

async function pageOf(look: Look): Promise<Page> {
  const known = pages.get(look.name);
  if (known !== undefined) return known.page;
  const watched = await watchedPage(browser, site.url, look);
  await watched.context.addCookies(cookies.map((cookie) => ({ ...cookie, url: site.url })));
  pages.set(look.name, watched);
  return watched.page;
}

/** Pictures wait for the map to come to rest, which nothing in the page tells; judging does not need it. */
async function rest(page: Page): Promise<void> {
  if (shoots) await page.waitForTimeout(1500);
}

/** Nothing that moves, no violation, and the page no wider than the window. */
async function judge(page: Page, screen: string, look: Look): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  if (kept.has(`${screen}-${look.name}`)) await shoot(page, `${screen}-${look.name}`);
  for (const line of await violations(page)) problems.push(`${screen}, ${look.name}: ${line}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (beyond > 0) problems.push(`${screen}, ${look.name}: ${beyond} px beyond the window's right edge`);
}

it("setting the server up, through the link that it printed", () => {
  expect(problemsAtSetUp).toEqual([]);
});

describe.each(judged)("$name", (look) => {
  it("sign-in", async () => {
    const { page, context, complaints } = await watchedPage(browser, site.url, look);
    await page.goto(`${site.url}/library`);
    await page.getByLabel("E-mail").fill("adair@demo.example");
    await judge(page, "sign-in", look);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("library", async () => {
    const page = await pageOf(look);
    await page.goto(`${site.url}/library`);
    await page.getByText("Foot patrol, Elm Park").first().waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    await judge(page, "library", look);
    await page.goto(`${site.url}/library?as=list`);
    await page.getByText("Foot patrol, Elm Park").first().waitFor();
    await judge(page, "library-list", look);
    await expectArrowKeys(page);
    await page.goto(`${site.url}/library?q=nothing+like+it`);
    await page.getByText("Nothing matches").waitFor();
    await judge(page, "library-nothing", look);
  });

  it("evidence", async () => {
    const page = await pageOf(look);
    await page.goto(`${site.url}/evidence/${shown}?t=6.4`);
    await page.locator(".map-here").waitFor();
    await eventually(async () => (await picture(page)).seeking).toBe(false);
    expect((await picture(page)).time).toBeCloseTo(6.4, 1);
    await rest(page);
    await judge(page, "evidence", look);
    await page.getByRole("button", { name: "Story" }).click();
    await page.getByRole("button", { name: "Check it" }).click();
    await page.getByRole("button", { name: "Check the file" }).click();
    await eventually(() => page.locator(".check-holds").count()).toBe(5);
    await page.locator(".custody").evaluate((strip) => strip.scrollIntoView());
    await rest(page);
    await judge(page, "custody", look);
    await page.locator("main").press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await judge(page, "keyboard", look);
    await page.keyboard.press("Escape");
  });

  it("admin", async () => {
    const page = await pageOf(look);
    await page.goto(`${site.url}/admin`);
    await page.getByText("VX-204").first().waitFor();
    await judge(page, "admin", look);
    const revoke = page.getByRole("button", { name: "Revoke VX-204" });
    await revoke.scrollIntoViewIfNeeded();
    const { left, right } = await revoke.evaluate((button) => button.getBoundingClientRect());
    expect([left > 0, right < look.viewport.width]).toEqual([true, true]);
  });

  it("what is not there", async () => {
    const page = await pageOf(look);
    await page.goto(`${site.url}/evidence/3b0f6ad1-5d58-4f53-9c3a-000000000000`);
    await page.getByText("There is nothing here, or it is not yours to see.").waitFor();
    await judge(page, "not-found", look);
  });
});

// Afterwards, so that the library is the same for every look.
describe.each(judged)("$name, in the end", (look) => {
  it("upload", async () => {
    const page = await pageOf(look);
    await page.goto(`${site.url}/upload`);
    await page.locator("input[type=file]").first().setInputFiles(uploads(look));
    await page.getByText("Your copy is no longer needed").waitFor();
    await page.getByText("Not taken", { exact: true }).waitFor();
    await judge(page, "upload", look);
  });

  it("left the site at no time, and nothing complained", () => {
    const watched = pages.get(look.name);
    expect(watched?.asked.length).toBeGreaterThan(40);
    expect(watched?.complaints).toEqual([]);
    const expected = /^(404 \/api\/v1\/evidence\/3b0f6ad1|41[05] \/api\/v1\/uploads)/;
    expect(watched?.refusals.filter((line) => !expected.test(line))).toEqual([]);
  });
});

/** Without a click first, wherever the focus is, but never out of a field. */
async function expectArrowKeys(page: Page): Promise<void> {
  const index = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("data-index") ?? null);
  await page.reload();
  await page.getByText("Foot patrol, Elm Park").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await eventually(index).toBe("0");
  await page.keyboard.press("ArrowDown");
  await eventually(index).toBe("1");
  await page.keyboard.press("/");
  await page.keyboard.press("ArrowUp");
  await page.waitForTimeout(100);
  expect(await index()).toBeNull();
}

/** One file that is taken and one that is not, named differently for every look: the same bytes would be known already. */
function uploads(look: Look): string[] {
  const folder = join(site.folder, look.name);
  mkdirSync(folder, { recursive: true });
  const [taken, refused] = [join(folder, "Body camera, Elm St.mp4"), join(folder, "Incident report.mp4")];
  writeFileSync(taken, uniqueFile(footage, look.name, 1_200_000));
  writeFileSync(refused, `This is text, whatever its name says. ${look.name}`.repeat(400));
  return [taken, refused];
}
