import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, picture, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Notes on a time line, stills and clips made from it: on the item's own page, as a custodian works with it.

vi.setConfig({ testTimeout: 240_000 });

let site: Site;
let browser: Browser;
let desk: Watched;
let page: Page;
let item: string;
const problems: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const footage = makeFootage(site.folder, 6);
  item = await recordShortly(site.url, site.keys.cameras[0]?.token ?? "", footage, "Traffic stop, Elm St");
  await settled(site.reader, item);
  desk = await watchedPage(browser, site.url, { colorScheme: "light" });
  page = desk.page;
  const cookie = await signIn(site.url, "okafor@demo.example", DEMO_PASSWORD, "127.0.0.60");
  await desk.context.addCookies(
    cookie.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
  if (site !== undefined) await rm(join(site.folder), { recursive: true, force: true });
}, 180_000);
afterEach(() => expect(problems.splice(0)).toEqual([]));
let failed: string | null = null;
beforeEach(({ skip }) => {
  if (failed !== null) skip(`${failed} failed before it`);
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") failed ??= task.name;
});

async function judge(name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await shoot(page, name);
  for (const line of await violations(page)) problems.push(`${name}: ${line}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (beyond > 0) problems.push(`${name}: ${beyond} px beyond the window's right edge`);
}
const notes = (): Locator => page.getByRole("region", { name: "Notes and markers" });
const made = (): Locator => page.getByRole("region", { name: "Stills and clips" });
const time = async (): Promise<number> => (await picture(page)).time;

describe("notes", () => {
  it("begin with what to do, and M notes something where the picture is", async () => {
    await page.goto(`${site.url}/evidence/${item}?t=2`);
    await notes().getByText("Nothing is noted yet.").waitFor();
    await eventually(time).toBeCloseTo(2, 1);
    await page.keyboard.press("m");
    await notes().getByRole("textbox", { name: "Label" }).fill("Hand");
    const note = notes().getByRole("textbox", { name: "Note" });
    await note.pressSequentially("Look here, @Zed");
    await notes().getByText("Nobody by that name can see this item.").waitFor();
    await note.fill("");
    await note.pressSequentially("Look here, @Ada");
    await notes().getByRole("button", { name: "Ofc. Adair" }).click();
    await judge("notes-writing-1440-light");
    await notes().getByRole("button", { name: "Save" }).click();
    await notes().locator(".note-text strong").filter({ hasText: "@Ofc. Adair" }).waitFor();
    const mark = page.getByRole("button", { name: "Hand, At 00:02.000: go there" }).first();
    await mark.waitFor();
    await page.keyboard.press("Home");
    await eventually(time).toBe(0);
    await mark.click();
    await eventually(time).toBeCloseTo(2, 1);
  });

  it("stand over a range, show text as text, and are taken back after a removal", async () => {
    await page.keyboard.press("i");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowLeft");
    await eventually(time).toBeGreaterThan(3);
    await page.keyboard.press("o");
    await page.keyboard.press("m");
    await notes().getByRole("textbox", { name: "Label" }).fill('<img src=x onerror="alert(1)">');
    await notes().getByRole("button", { name: "Save" }).click();
    const row = notes().getByRole("listitem").filter({ hasText: "<img src=x" });
    await row.getByText(/^00:02\.000 to 00:0[345]/).waitFor();
    await row.getByRole("button", { name: /^Change / }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await notes().getByText("Removed. What it said stays in its history.").waitFor();
    await eventually(() => row.count()).toBe(0);
    await notes().getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
    await judge("notes-1440-light");
  });

  it("are opened by their own address", async () => {
    const id = (await notes().locator("li", { hasText: "Hand" }).first().getAttribute("id")) ?? "";
    await page.goto("about:blank");
    await page.goto(`${site.url}/evidence/${item}#${id}`);
    await eventually(time).toBeCloseTo(2, 1);
    await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe(id);
  });
});

it("are found by a search in the library: the line says why, and leads to the moment", async () => {
  await page.goto(`${site.url}/library?q=look+here`);
  const found = page.locator(".item", { hasText: "Traffic stop, Elm St" }).getByRole("link", { name: /^In a note at/ });
  await found.filter({ hasText: "In a note at 00:02: Hand · Look here, @Ofc. Adair" }).waitFor();
  await judge("library-found-1440-light");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${site.url}/library?q=look+here&as=list`);
  await found.waitFor();
  await judge("library-found-390-dark");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await found.click();
  await eventually(time).toBeCloseTo(2, 1);
});

it("captions are added by hand, shown and hidden by C, as text and nothing else", async () => {
  await page.goto(`${site.url}/evidence/${item}`);
  const captions = page.getByRole("region", { name: "Captions" });
  await captions.getByText("None yet.").waitFor();
  const vtt = "WEBVTT\n\n00:00.000 --> 00:05.000\n<b onclick=x>Show me</b> your hands\n";
  await page.locator("input[type=file][accept*=vtt]").setInputFiles({
    name: "captions.vtt",
    mimeType: "text/vtt",
    buffer: Buffer.from(vtt),
  });
  await captions.getByText("One line of captions was added.").waitFor();
  await captions.getByText("C shows them in the picture").waitFor();
  await page.locator("main").press("c");
  const cues = (): Promise<unknown> =>
    page.evaluate(() => {
      const [track] = document.querySelector("video")?.textTracks ?? [];
      const texts = [...(track?.cues ?? [])].map((cue) => (cue as VTTCue).text);
      return [track?.mode, texts];
    });
  await eventually(cues).toEqual(["showing", ["Show me your hands"]]);
  await page.locator("main").press("Shift+ArrowRight");
  await eventually(() =>
    page.evaluate(() => document.querySelector("video")?.textTracks[0]?.activeCues?.length ?? 0),
  ).toBe(1);
  await captions.scrollIntoViewIfNeeded();
  await judge("captions-1440-light");
  await page.locator("main").press("c");
  await eventually(async () => (await cues()) as unknown[]).toContain("disabled");
});

describe("stills and clips", () => {
  it("S makes a still of what is on the screen; it becomes an item of its own, in the tree and on the time line", async () => {
    await page.goto(`${site.url}/evidence/${item}?t=1&in=1&out=3`);
    await eventually(time).toBeCloseTo(1, 1);
    await page.keyboard.press("s");
    await made().getByText("Traffic stop, Elm St (still) is made.").waitFor({ timeout: 60_000 });
    const tree = made().getByRole("navigation", { name: "Original and what was made from it" });
    await tree.getByRole("link", { name: "Traffic stop, Elm St (still)" }).waitFor();
    await notes().getByRole("link", { name: "Open the still" }).waitFor();
    await made().getByRole("button", { name: "Clip of the range" }).click();
    await made().getByText("Traffic stop, Elm St (clip) is made.").waitFor({ timeout: 60_000 });
    await tree.getByRole("link", { name: "Traffic stop, Elm St (clip)" }).waitFor();
    await judge("derivatives-1440-light");
    for (const [name, scheme] of [
      ["derivatives-390-dark", "dark"],
      ["derivatives-390-light", "light"],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 390, height: 844 });
      await made().scrollIntoViewIfNeeded();
      await judge(name);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 1440, height: 900 });
    await judge("derivatives-1440-dark");
  });

  it("open as items: the still is a picture, the clip plays its two seconds and says what it was made from", async () => {
    const tree = made().getByRole("navigation", { name: "Original and what was made from it" });
    await tree.getByRole("link", { name: "Traffic stop, Elm St (still)" }).click();
    await page.getByRole("heading", { level: 1, name: "Traffic stop, Elm St (still)" }).waitFor();
    await eventually(() =>
      page.locator("img.stage-video").evaluate((img) => (img as HTMLImageElement).naturalWidth),
    ).toBeGreaterThan(100);
    await tree.getByRole("link", { name: "Traffic stop, Elm St (clip)" }).click();
    await page.getByRole("heading", { level: 1, name: "Traffic stop, Elm St (clip)" }).waitFor();
    await eventually(async () => (await picture(page)).duration).toBeCloseTo(2, 0);
    await page.keyboard.press("End");
    await eventually(time).toBeGreaterThan(1.5);
    await tree.getByText(/this item/).waitFor();
    expect(desk.complaints).toEqual([]);
  });
});

it("clocks: a correction is added with its reason, said beside every time, and the source's own word stays", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(`${site.url}/evidence/${item}`);
  const clocks = page.getByRole("region", { name: "Clocks" });
  await clocks.getByText("Not corrected.").waitFor();
  await clocks.getByRole("button", { name: "Correct the time…" }).click();
  const dialog = page.getByRole("dialog", { name: "Correct the time" });
  await dialog.getByRole("textbox", { name: /^Add to the source/ }).fill("90.5");
  await dialog.getByRole("textbox", { name: "Why, and compared with what" }).fill("Dispatch recording 26-118");
  await judge("times-correct-1440-light");
  await dialog.getByRole("button", { name: "Correct", exact: true }).click();
  await clocks.getByText("corrected by +1:30.500").waitFor();
  await clocks.getByText("Dispatch recording 26-118").waitFor();
  await page.locator(".evidence-name").getByText("time corrected").waitFor();
  await clocks.scrollIntoViewIfNeeded();
  await judge("times-1440-light");
});
