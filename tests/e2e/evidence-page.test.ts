import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, CDPSession, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { type Footage, makeFootage, uniqueFile, withoutIndex } from "../fault/harness/footage.ts";
import { shoot } from "./harness/shoot.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, picture, signInByPage, watchedPage, type Watched } from "./harness/browser.ts";
import { realFootage } from "./harness/footage.ts";
import { openLive, settled } from "./harness/record.ts";
import { openSite, type Site } from "./harness/site.ts";

// One officer's hour at the screen: sign in, bring a file in, look at what a camera recorded, check it.

const FILE_BYTES = 6_000_000;
const STREET = {
  start: { lat: 41.7637, lon: -72.6851 },
  corners: [
    [0, 0],
    [40, 6],
    [46, 44],
    [10, 50],
  ],
  speed: 6,
} as const;

let site: Site;
let browser: Browser;
let watched: Watched;
let network: CDPSession | null = null;
let page: Page;
let recorded: Promise<string>;
let file: { path: string; other: string; cutOff: string; sha256: string };
let footage: Footage;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  recorded = site.record({ title: "Foot patrol, Elm Park", seconds: 14, walk: STREET });
  recorded.catch(() => undefined); // told by the test that waits for it
  footage = makeFootage(site.folder, 12);
  const bytes = uniqueFile(footage, "traffic stop", FILE_BYTES);
  file = {
    path: join(site.folder, "Traffic stop, Elm St.mp4"),
    other: join(site.folder, "another.mp4"),
    cutOff: join(site.folder, "Battery failed.mp4"),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
  await writeFile(file.path, bytes);
  await writeFile(file.other, uniqueFile(footage, "another", FILE_BYTES));
  await writeFile(file.cutOff, withoutIndex(footage.file));
  watched = await watchedPage(browser, site.url, { colorScheme: "light" });
  page = watched.page;
  // A page that is left in the middle of an upload asks first; this person means it.
  page.on("dialog", (dialog) => void dialog.accept());
}, 180_000);
afterAll(async () => {
  await recorded?.catch(() => undefined);
  await browser?.close();
  await site?.close();
}, 180_000);

vi.setConfig({ testTimeout: 240_000 });

// Each step stands on the one before: after a failure the rest would only fail again, and slowly.
let failed: string | null = null;
beforeEach(({ skip, onTestFailed }) => {
  if (failed !== null) skip(`because "${failed}" failed`);
  onTestFailed(async ({ task }) => {
    failed = task.name;
    const shot = join(tmpdir(), "sworn-e2e-failed.png");
    await page.screenshot({ path: shot });
    console.error(`The page when it failed, ${page.url()}: ${shot}`);
  });
});

describe("signing in", () => {
  it("leads back to what was asked for, and a wrong password says nothing about the address", async () => {
    await page.goto(`${site.url}/upload`);
    await page.waitForURL(/\/sign-in/);
    await signInByPage(page, "adair@demo.example", "a wrong password");
    await page.getByText("That e-mail and password do not go together").waitFor();
    await signInByPage(page, "adair@demo.example", DEMO_PASSWORD);
    await page.waitForURL(`${site.url}/upload`);
    await page.getByRole("heading", { name: "Upload" }).waitFor();
  });
});

describe("an upload", () => {
  it("shows its progress, and after a reload asks for the same file and goes on where it was", async () => {
    await throttle(1_200_000);
    await choose(page.locator("button", { hasText: "Choose files" }), file.path);
    const bar = page.getByRole("progressbar", { name: /Traffic stop/ });
    const seen: number[] = [];
    await eventually(async () => seen[seen.push(await percent(bar)) - 1]).toBeGreaterThan(30);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(new Set(seen).size).toBeGreaterThan(2);

    await page.reload();
    await page.getByRole("heading", { name: "Not finished" }).waitFor();
    const unfinished = page.getByRole("listitem").filter({ hasText: "Traffic stop, Elm St.mp4" });
    await unfinished.getByText("Choose the same file again").waitFor();
    const again = unfinished.locator("button", { hasText: "Choose the same file" });
    await choose(again, file.other);
    await page.getByRole("alert").filter({ hasText: "That is another file" }).waitFor();

    await throttle(-1);
    const [resumed] = await Promise.all([
      page.waitForRequest((request) => request.method() === "PATCH"),
      choose(again, file.path),
    ]);
    const offset = Number(resumed.headers()["upload-offset"]);
    expect(offset).toBeGreaterThan(FILE_BYTES / 10);
    expect(offset).toBeLessThan(FILE_BYTES);
    await page.getByText("it can be played. Your copy is no longer needed.").waitFor();
    await page.getByText("An upload of this file was unfinished: it goes on where it was.").waitFor();
    const { items } = await site.reader.evidence.list({ q: "traffic" });
    expect(items.map(({ sha256, state }) => ({ sha256, state }))).toEqual([{ sha256: file.sha256, state: "stored" }]);
    await settled(site.reader, items[0]?.id ?? "");
  });

  it("of a file that is held already sends nothing, and says so", async () => {
    const begun: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/uploads")) begun.push(request.url());
    });
    await choose(page.locator("button", { hasText: "Choose files" }), file.path);
    const row = page.getByRole("listitem").filter({ hasText: "These exact bytes are already held: nothing was sent." });
    await row.getByRole("link", { name: "Open" }).waitFor();
    await row.getByRole("button", { name: "Send it all the same" }).waitFor();
    expect(begun).toEqual([]);
    await row.getByRole("button", { name: "Remove from this list" }).click();
  });

  it("of a file that no player opens says so, and never that the sender's copy may go", async () => {
    await choose(page.locator("button", { hasText: "Choose files" }), file.cutOff);
    const row = page.getByRole("listitem").filter({ hasText: "Battery failed.mp4" });
    await row.getByText("Stored, cannot be played").waitFor();
    await row.getByText("Keep your copy, it may be the better one; the bytes here are kept unchanged.").waitFor();
    expect(await row.getByText("no longer needed").count()).toBe(0);
    await row.getByRole("button", { name: "Remove from this list" }).click();
  });
});

describe("the picture", () => {
  it("plays what was uploaded, with the keys of an editing room", async () => {
    await page.getByRole("link", { name: "Open" }).click();
    await page.waitForURL(/\/evidence\//);
    await page.getByRole("heading", { name: /Traffic stop/ }).waitFor();
    await eventually(async () => (await picture(page)).duration).toBeGreaterThan(11);

    await page.keyboard.press("k");
    await eventually(async () => (await picture(page)).frames).toBeGreaterThan(8);
    expect(await picture(page)).toMatchObject({ paused: false, rate: 1 });
    await page.keyboard.press("l");
    expect((await picture(page)).rate).toBe(2);
    await page.keyboard.press("k");
    expect((await picture(page)).paused).toBe(true);

    // From the end: however slow the machine, the beginning is not reached before "k" stops it.
    await page.keyboard.press("End");
    await eventually(async () => (await picture(page)).time).toBeGreaterThan(11);
    const { time: end } = await picture(page);
    await page.keyboard.press("j");
    await eventually(async () => (await picture(page)).time).toBeLessThan(end - 0.3);
    await page.keyboard.press("k");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();

    await page.keyboard.press("Home");
    await eventually(async () => (await picture(page)).time).toBe(0);
    for (const [key, frame] of [
      [".", 1],
      [".", 2],
      [".", 3],
      [",", 2],
    ] as const) {
      await page.keyboard.press(key);
      // The footage has ten pictures a second.
      await eventually(async () => Math.floor((await picture(page)).time * 10)).toBe(frame);
    }
    await page.keyboard.press("ArrowRight");
    await eventually(async () => (await picture(page)).time).toBeCloseTo(5.25, 1);
    await page.keyboard.press("]");
    expect((await picture(page)).rate).toBe(1.5);
    await page.keyboard.press("Backspace");
    expect((await picture(page)).rate).toBe(1);
  });

  it("opens at the moment that a link names", async () => {
    await page.waitForURL(/\?t=5\.25/); // where the picture rested a moment ago
    const link = new URL(page.url());
    link.search = "?t=8.5";
    await page.goto(link.href);
    await eventually(async () => (await picture(page)).time).toBeCloseTo(8.5, 2);
    await page.getByRole("timer", { name: "Time" }).getByText("00:08.500").waitFor();
  });

  it("says which keys there are", async () => {
    await page.locator("main").press("?");
    const help = page.getByRole("dialog", { name: "Keyboard" });
    await help.getByText("One frame back or on").waitFor();
    await eventually(() => help.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
    const { time } = await picture(page);
    await page.keyboard.press("l"); // keys belong to the dialog while it is open
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    expect(await picture(page)).toMatchObject({ paused: true, time });
  });
});

describe("the path", () => {
  it("is the recording's own, and map and picture move each other", async () => {
    const id = await recorded;
    const { hasTrack } = await settled(site.reader, id);
    expect(hasTrack).toBe(true);
    await page.goto(`${site.url}/evidence/${id}`);
    await page.getByText("NMEA receiver · satellites · ").waitFor();
    const here = page.locator(".map-here");
    await here.waitFor();

    // Where the dot stands at 8 s is where a click must lead to 8 s.
    const start = await centre(here);
    await seek(8);
    await eventually(async () => distance(start, await centre(here))).toBeGreaterThan(40);
    const then = await centre(here);
    await seek(0);
    await eventually(async () => distance(start, await centre(here))).toBeLessThan(2);
    await page.mouse.click(then.x, then.y);
    await eventually(async () => Math.abs((await picture(page)).time - 8)).toBeLessThan(1.2);

    const before = await centre(here);
    await page.keyboard.press("l");
    await eventually(async () => distance(before, await centre(here))).toBeGreaterThan(15);
    await page.keyboard.press("k");
  });
});

describe("the custody story", () => {
  it("is recomputed in the browser, line by line, the file too", async () => {
    await page.getByRole("button", { name: "Check it" }).click();
    for (const line of [
      "The log's statement is signed",
      "Every entry reads as it was logged",
      "Every entry stands in the log",
      "No entry is missing",
    ])
      await lineOf(line).and(page.locator(".check-holds")).waitFor();
    await page.getByRole("button", { name: "Check the file" }).click();
    await lineOf("The file is the one that was logged").and(page.locator(".check-holds")).waitFor();
    await page.getByRole("button", { name: "Story" }).click();
    await page.locator(".story-entry").first().getByText("checked here").waitFor();
  });

  it("shows some of itself, by what, who and day, as the address says; each entry keeps its proof", async () => {
    const entries = page.locator(".story-entry");
    const all = await entries.count();
    const filter = page.getByRole("form", { name: "Which entries" });
    await filter.getByLabel("What").selectOption("evidence.stored");
    await eventually(() => entries.count()).toBe(1);
    await entries.getByText("checked here").waitFor();
    expect(new URL(page.url()).searchParams.get("what")).toBe("evidence.stored");
    await page.reload();
    await eventually(() => entries.count()).toBe(1);
    await filter.getByLabel("Day").fill("2020-01-01");
    await page.getByText("No entry is like that.").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "custody-filter-1440");
    await filter.getByRole("button", { name: "Show all" }).click();
    await eventually(() => entries.count()).toBeGreaterThanOrEqual(all);
    expect(new URL(page.url()).searchParams.has("day")).toBe(false);
  });

  it("names the entry that somebody changed in the database", async () => {
    const id = await recorded;
    const [changed] = await site.asSuperuser<{ n: string }>(
      `update custody.event_body as body set event = replace(event, '"camera-clock"', '"gnss"')
         from custody.entry as entry
        where entry.id = body.entry_id and entry.subject_id = $1 and event like '%"camera-clock"%'
          and entry.n = (select min(e.n) from custody.entry e join custody.event_body b on b.entry_id = e.id
                          where e.subject_id = $1 and b.event like '%"camera-clock"%')
       returning entry.n::text`,
      [id],
    );
    expect(changed).toBeDefined();
    await page
      .getByRole("button", { name: /^Check (it|again)$/ })
      .first()
      .click();
    const line = lineOf("Every entry reads as it was logged").and(page.locator(".check-fails"));
    await line.getByText(`entry ${Number(changed?.n) + 1}:`).waitFor();
    await page.getByText("Not everything holds.").waitFor();
    // What is not touched still holds: one verdict per question, never one for all.
    await lineOf("The log's statement is signed").and(page.locator(".check-holds")).waitFor();
    await page.locator(".story-entry").nth(Number(changed?.n)).getByText("does not hold").waitFor();
  });
});

describe("a live recording, on a phone", () => {
  it("has its controls in two rows, and its history grows by itself when it ends", async () => {
    const camera = site.keys.cameras[0]?.token ?? "";
    const { id, close } = await openLive(site.url, camera, footage, "Welfare check, Oak Ln");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${site.url}/evidence/${id}`);
    await eventually(async () => (await picture(page)).frames).toBeGreaterThan(3);
    await page.keyboard.press("Home");
    await page.keyboard.press("k");
    await page.getByRole("button", { name: /behind: go to now/ }).waitFor();
    const boxes = await page.locator(".transport :is(button, .transport-time)").evaluateAll((controls) =>
      controls.map((control) => {
        const { left, right, top, bottom } = control.getBoundingClientRect();
        return { left, right, middle: Math.round((top + bottom) / 2) };
      }),
    );
    expect(boxes.length).toBe(13);
    for (const { left, right } of boxes) expect([left >= 0, right <= 390]).toEqual([true, true]);
    const rows = boxes.map(({ middle }) => middle).toSorted((a, b) => a - b);
    expect(rows.filter((middle, i) => i === 0 || middle - (rows[i - 1] ?? 0) > 12)).toHaveLength(2);

    const sentence = page.locator(".custody-sentence");
    const count = async (): Promise<number> => Number(/^(\d+) entr/.exec((await sentence.textContent()) ?? "")?.[1]);
    await eventually(count).toBeGreaterThan(0);
    const before = await count();
    await close();
    await page.locator(".evidence-head").getByText("Stored", { exact: true }).waitFor();
    await settled(site.reader, id);
    // Its end, what was stored and read, and each reading of this history: told without a press.
    await eventually(count).toBeGreaterThan(before + 3);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

describe("what never arrived whole", () => {
  it("is not offered as the original", async () => {
    await page.goto(`${site.url}/upload`);
    await throttle(1_200_000);
    await choose(page.locator("button", { hasText: "Choose files" }), file.other);
    await eventually(() => percent(page.getByRole("progressbar", { name: /another/ }))).toBeGreaterThan(30);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("What had arrived is kept visible for the custodian.").waitFor();
    await throttle(-1);
    const { items } = await site.reader.evidence.list({ state: "incomplete" });
    expect(items.map(({ title }) => title)).toEqual(["another.mp4"]);
    await page.goto(`${site.url}/evidence/${items[0]?.id ?? ""}`);
    await page.locator(".evidence-head").getByText("Incomplete").waitFor();
    await page
      .getByRole("link", { name: /^Download the incomplete file \([\d.]+ MB arrived\)$/ })
      .first()
      .waitFor();
    expect(await page.getByText("Download the original").count()).toBe(0);
  });
});

describe("the map", () => {
  it("leaves scrolling to the page", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${site.url}/evidence/${await recorded}`);
    await page.locator(".map-here").waitFor();
    const scale = page.locator(".maplibregl-ctrl-scale");
    await scale.scrollIntoViewIfNeeded();
    const { x, y } = await centre(page.locator(".map-sheet"));
    // On a phone it is the part between the bars that scrolls.
    const scrolled = (): Promise<number> => page.locator(".frame-body").evaluate((body) => body.scrollTop);
    const before = { scale: await scale.textContent(), top: await scrolled() };
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 150);
    await eventually(scrolled).toBeGreaterThan(before.top + 100);
    expect(await scale.textContent()).toBe(before.scale);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

const gopro = realFootage("gopro/max-heromode.mp4");
describe("a GoPro's file", () => {
  it.skipIf(gopro === null)(
    `shows its own path${gopro === null ? " (SKIPPED: no footage; set SWORN_FOOTAGE)" : ""}`,
    async () => {
      await page.goto(`${site.url}/upload`);
      await choose(page.locator("button", { hasText: "Choose files" }), gopro ?? "");
      // Every byte is read back, opened and searched for positions first, perhaps beside other tests.
      await page.getByText("Your copy is no longer needed").waitFor({ timeout: 120_000 });
      await page.getByRole("link", { name: "Open" }).click();
      await page.getByText("191 positions").waitFor({ timeout: 120_000 });
      await page.getByText("GoPro track in the file").waitFor();
      // The place that GoPro's own reader finds in this file.
      await page.getByText(/^33\.12\d{3}° N 117\.32\d{3}° W$/).waitFor();
      await page.locator(".map-here").waitFor();
      expect((await picture(page)).duration).toBeGreaterThan(10);
    },
    300_000,
  );
});

it("left the site at no time, and nothing complained", () => {
  expect(watched.asked.length).toBeGreaterThan(50);
  expect(watched.complaints).toEqual([]);
  const expected = /^401 \/api\/(v1\/me|auth\/sign-in\/email)$/;
  expect(watched.refusals.filter((line) => !expected.test(line))).toEqual([]);
});

async function choose(button: Locator, path: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button.click()]);
  await chooser.setFiles(path);
}

/** Bytes a second that this page may send; -1: as many as it likes. */
async function throttle(uploadThroughput: number): Promise<void> {
  network ??= await watched.context.newCDPSession(page);
  await network.send("Network.enable");
  const rest = { offline: false, latency: 0, downloadThroughput: -1 };
  await network.send("Network.emulateNetworkConditions", { ...rest, uploadThroughput });
}

async function percent(bar: Locator): Promise<number> {
  if ((await bar.count()) === 0) return 0;
  return Number(await bar.getAttribute("aria-valuenow"));
}

async function seek(seconds: number): Promise<void> {
  await page.keyboard.press("Home");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // A second at a time is what the keys give; the picture follows each.
  for (let at = 0; at < seconds; at += 1) await page.keyboard.press("Shift+ArrowRight");
  await eventually(async () => (await picture(page)).time).toBeCloseTo(seconds, 1);
}

const lineOf = (name: string): Locator => page.locator(".check-line").filter({ hasText: name });

interface Place {
  readonly x: number;
  readonly y: number;
}
async function centre(mark: Locator): Promise<Place> {
  const box = await mark.boundingBox();
  if (box === null) throw new Error("the mark is not on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
const distance = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);
