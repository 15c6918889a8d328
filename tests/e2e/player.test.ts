import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Sworn, bytesSource } from "@sworn/sdk";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { type Footage, makeFootage, uniqueFile } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, picture, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot, shoots } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Looking closely: the time line with its lanes, ranges, speeds, the picture itself, and looking before opening.

const looks = [
  { name: "1440-light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "390-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
  { name: "1440-dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "390-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const satisfies (BrowserContextOptions & { name: string })[];

let site: Site;
let footage: Footage;
let browser: Browser;
let watched: Watched;
let page: Page;
const ids = { walk: "", parts: "", sound: "", file: "", uneven: "" };

vi.setConfig({ testTimeout: 240_000 });

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  footage = makeFootage(site.folder, 12);
  const camera = site.keys.cameras[0]?.token ?? "";
  ids.walk = await recordShortly(site.url, camera, footage, "Foot patrol, Elm Park");
  ids.parts = await recordInParts(camera, "Welfare check, Oak Ln");
  ids.file = await upload(uniqueFile(footage, "door", 1_000_000), "Door camera, Alder Ave 12.mp4");
  ids.sound = await upload(soundOnly(), "Radio call.m4a");
  ids.uneven = await upload(uneven(), "Dash camera.mp4");
  for (const id of [ids.walk, ids.parts, ids.file, ids.uneven]) await settled(site.reader, id);
  for (const id of [ids.walk, ids.parts, ids.file, ids.sound]) await stripped(id);
  watched = await open("moreno@demo.example", "127.0.0.61", looks[0]);
  page = watched.page;
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 180_000);

describe("the time line", () => {
  it("shows pictures, sound and speed in one scale, and the moment that is pointed at in all of them", async () => {
    await page.goto(`${site.url}/evidence/${ids.walk}`);
    await page.locator(".board-tile").first().waitFor();
    await page.getByRole("img", { name: "Loudness over time" }).waitFor();
    await page.getByRole("img", { name: /^Speed over time/ }).waitFor();
    await page.locator(".map-here").waitFor();
    const seen: string[] = [];
    for (const share of [0.2, 0.9]) {
      await point(share);
      const preview = page.locator(".lane-preview");
      await preview.waitFor();
      seen.push((await preview.getAttribute("data-tile")) ?? "");
      await page.locator(".map-ghost").waitFor();
    }
    // Twelve seconds, a picture of each.
    expect(seen).toEqual(["2", "10"]);
    expect((await picture(page)).time).toBe(0); // pointing is no seeking
    await press(0.5);
    await eventually(async () => (await picture(page)).time).toBeCloseTo(6, 0);
  });

  it("can be looked at more closely, turns its page with the picture, and shows all of it again", async () => {
    const shown = page.locator(".lane-zoom-said");
    for (let i = 0; i < 2; i += 1) await page.keyboard.press("z");
    await shown.getByText(/^00:0[45] to 00:0[78]$/).waitFor();
    await page.keyboard.press("End");
    await shown.getByText(/ to 00:12$/).waitFor();
    await page.getByRole("button", { name: "See all of it" }).click();
    await eventually(() => shown.textContent()).toBe("");
  });

  it("shows each part with what is missing before it, and its own pictures", async () => {
    await page.goto(`${site.url}/evidence/${ids.parts}`);
    await page.locator(".part-bar").getByText("Part 1").waitFor();
    await page
      .locator(".part-bar")
      .getByText(/^Part 2/)
      .waitFor();
    await page.locator(".board-tile").first().waitFor();
    const boards = (): Promise<number> =>
      page
        .locator(".board-tile")
        .evaluateAll((tiles) => new Set(tiles.map((tile) => (tile as HTMLElement).style.backgroundImage)).size);
    await eventually(boards).toBe(2);
    await eventually(async () => (await picture(page)).duration).toBeGreaterThan(11);
    await press(0.8);
    await eventually(async () => (await picture(page)).seeking).toBe(false);
    expect((await picture(page)).time).toBeGreaterThan(8);
    await page.keyboard.press("l");
    const { frames } = await picture(page);
    await eventually(async () => (await picture(page)).frames).toBeGreaterThan(frames + 3);
    await page.keyboard.press("k");
  });
});

describe("speeds", () => {
  it("go from 0.1 to 16, forwards and backwards", async () => {
    await page.goto(`${site.url}/evidence/${ids.file}`);
    await eventually(async () => (await picture(page)).duration).toBeGreaterThan(11);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("[");
    await page.getByRole("button", { name: "Speed 0.1×" }).waitFor();
    for (let i = 0; i < 9; i += 1) await page.keyboard.press("]");
    await page.getByRole("button", { name: "Speed 16×" }).waitFor();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("l");
    await page.getByRole("button", { name: "Speed 4×" }).waitFor();
    await page.keyboard.press("k");
    await page.keyboard.press("End");
    await eventually(async () => (await picture(page)).time).toBeGreaterThan(11);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("j");
    await page.getByRole("button", { name: "Speed −4×" }).waitFor();
    for (let i = 0; i < 6; i += 1) await page.keyboard.press("[");
    await page.getByRole("button", { name: "Speed −0.1×" }).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  });
});

describe("a step", () => {
  const steps = async (moments: readonly number[], key: "." | ","): Promise<void> => {
    for (const moment of moments) {
      await page.keyboard.press(key);
      await eventually(async () => (await picture(page)).time).toBeCloseTo(moment, 2);
    }
  };
  const atRest = async (of: string): Promise<void> => {
    await page.goto(`${site.url}/evidence/${of}?t=0.5`);
    await eventually(async () => (await picture(page)).time).toBe(0.5);
  };

  it("goes by the file's own frames, also where they are not evenly spaced", async () => {
    await atRest(ids.uneven);
    expect(await page.getByText("true frames").count()).toBe(0);
    // Each step lands in the middle of a frame.
    await steps([0.85, 1.05, 1.25], ".");
    await steps([1.05, 0.85, 0.65, 0.45], ",");
    await page.getByText("true frames").waitFor();
  });

  it("goes by the frames of recorded fragments too, across their edges", async () => {
    await page.goto(`${site.url}/evidence/${ids.parts}?t=0.85`);
    await eventually(async () => (await picture(page)).time).toBe(0.85);
    // The picture begins 64 ms after the sound, as its encoder says; a new fragment begins each second.
    await steps([0.914, 1.014, 1.114], ".");
    await steps([1.014, 0.914], ",");
    await page.getByText("true frames").waitFor();
  });
});

describe("a range", () => {
  it("is set by the keys, stands in the address, and whoever opens the link has it", async () => {
    await page.goto(`${site.url}/evidence/${ids.file}`);
    await eventually(async () => (await picture(page)).duration).toBeGreaterThan(11);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("i");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("o");
    await page.getByText("00:05.000 – 00:06.000").waitFor();
    await page.keyboard.press("Shift+L");
    await page.getByRole("button", { name: "Play the range again and again", pressed: true }).waitFor();
    await page.waitForURL(/\?t=5&in=5&out=6&loop=1$/);
    const other = await open("moreno@demo.example", "127.0.0.62", looks[0]);
    await other.page.goto(page.url().replace("t=5&", ""));
    await other.page.getByText("00:05.000 – 00:06.000").waitFor();
    await eventually(async () => (await picture(other.page)).time).toBe(5);
    await other.context.close();
  });

  it("is played again and again, and forgotten", async () => {
    await page.locator("video").evaluate((element) => {
      const video = element as HTMLVideoElement;
      const counted = window as unknown as { begun: number; latest: number };
      counted.begun = 0;
      counted.latest = 0;
      video.addEventListener("seeked", () => (counted.begun += video.currentTime < 5.05 ? 1 : 0));
      video.addEventListener("timeupdate", () => (counted.latest = Math.max(counted.latest, video.currentTime)));
    });
    await page.keyboard.press("k");
    const counted = (): Promise<{ begun: number; latest: number }> =>
      page.evaluate(() => {
        const { begun, latest } = window as unknown as { begun: number; latest: number };
        return { begun, latest };
      });
    await eventually(async () => (await counted()).begun).toBeGreaterThan(1);
    await eventually(async () => (await counted()).latest).toBeGreaterThan(5.5);
    await page.keyboard.press("k");
    await page.keyboard.press("x");
    await page.getByText("00:05.000 – 00:06.000").waitFor({ state: "detached" });
    await page.waitForURL((url) => !url.search.includes("in="));
  });

  it("is in the link that a press on the time copies", async () => {
    await watched.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.keyboard.press("Home");
    await page.keyboard.press("o"); // a range that ends where it begins is none
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("i");
    await page.getByRole("timer", { name: "Time" }).getByRole("button").click();
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${site.url}/evidence/${ids.file}?t=5.000&in=5`,
    );
    await page.keyboard.press("x");
  });
});

describe("the picture", () => {
  it("comes closer and moves by wheel, hand and keys, and nothing else happens", async () => {
    const frame = page.locator(".stage-picture");
    const box = await frame.boundingBox();
    if (box === null) throw new Error("there is no picture");
    const at = { x: box.x + box.width * 0.75, y: box.y + box.height / 2 };
    await page.mouse.move(at.x, at.y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await page.getByText("View only: the recording is unchanged.").waitFor();
    const matrix = (): Promise<DOMMatrix> =>
      page.locator("video").evaluate((video) => new DOMMatrix(getComputedStyle(video).transform));
    const first = await matrix();
    expect(first.a).toBeCloseTo(Math.exp(0.4), 2);
    expect(first.e).toBeLessThan(-10); // towards the pointer, right of the middle
    await page.mouse.down();
    await page.mouse.move(at.x + 60, at.y, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => (await matrix()).e).toBeCloseTo(first.e + 60, 0);
    expect((await picture(page)).paused).toBe(true); // a hand that moves the picture does not play it
    await frame.focus();
    await page.keyboard.press("ArrowRight");
    await eventually(async () => (await matrix()).e).toBeLessThan(first.e + 60);
    await page.keyboard.press("0");
    await page.getByText("View only").waitFor({ state: "detached" });
    expect((await matrix()).isIdentity).toBe(true);
    await page.mouse.click(at.x, at.y);
    await eventually(async () => (await picture(page)).paused).toBe(false);
    await page.keyboard.press("k");
  });

  it("is brighter for this view alone, and says so as long as it is", async () => {
    await page.getByRole("button", { name: "Brightness and zoom" }).click();
    await page.getByRole("slider", { name: "Brightness" }).fill("2");
    await page.getByText("brightness 2×, contrast 1×").waitFor();
    const filter = (): Promise<string> => page.locator("video").evaluate((video) => getComputedStyle(video).filter);
    expect(await filter()).toBe("brightness(2) contrast(1)");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+B");
    await page.getByText("brightness 1.75×").waitFor();
    await page.locator(".stage-view").getByRole("button", { name: "As recorded" }).click();
    expect(await filter()).toBe("none");
  });

  it("has a switch for captions only where there are captions", async () => {
    const on = page.getByRole("button", { name: "Captions on" });
    expect(await on.count()).toBe(0);
    await page.locator("video").evaluate((element) => {
      const track = (element as HTMLVideoElement).addTextTrack("captions", "English", "en");
      track.mode = "disabled";
      track.addCue(new VTTCue(0, 12, "Step out of the car, please."));
    });
    await on.waitFor();
    await page.keyboard.press("c");
    await page.getByRole("button", { name: "Captions off" }).waitFor();
    expect(await page.locator("video").evaluate((video) => (video as HTMLVideoElement).textTracks[0]?.mode)).toBe(
      "showing",
    );
  });

  it("is not offered where there is only sound, which has its lane and its keys", async () => {
    await page.goto(`${site.url}/evidence/${ids.sound}`);
    await page.getByRole("img", { name: "Loudness over time" }).waitFor();
    expect(await page.getByRole("button", { name: "Brightness and zoom" }).count()).toBe(0);
    await page.keyboard.press("l");
    await eventually(async () => (await picture(page)).time).toBeGreaterThan(0.3);
    await page.keyboard.press("k");
    await press(0.5);
    await eventually(async () => (await picture(page)).time).toBeCloseTo(4, 0);
  });
});

describe("a look from the library", () => {
  const looked = /\/evidence\/[^/]+\/(storyboard|strips)/;
  const previews = async (id: string): Promise<number> =>
    (await site.reader.evidence.custody(id)).entries.filter(({ event }) => event?.includes("evidence.previewed"))
      .length;
  const poster = (of: Page, title: string): Locator =>
    of.locator(".item").filter({ hasText: title }).locator(".poster");

  it("is taken by resting on an item, once logged for the day; who only crosses it takes none", async () => {
    const fresh = await recordShortly(site.url, site.keys.cameras[0]?.token ?? "", footage, "Traffic stop, Elm St");
    await settled(site.reader, fresh);
    await stripped(fresh);
    await page.goto(`${site.url}/library`);
    const mine = poster(page, "Traffic stop, Elm St");
    await mine.locator("img").waitFor();
    const asked = watched.asked.length;
    const { x, y, width, height } = (await mine.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    // Across it, as a hand on its way: every few milliseconds somewhere else.
    await page.mouse.move(x + width * 0.1, y + height / 2);
    await page.mouse.move(x + width * 0.9, y + height + 300, { steps: 20 });
    await page.keyboard.press("ArrowDown");
    await page.locator("[data-index='0']:focus").waitFor();
    expect(watched.asked.slice(asked).filter((url) => looked.test(url))).toEqual([]);
    expect(await previews(fresh)).toBe(0);

    await page.mouse.move(x + width * 0.26, y + height / 2);
    const look = mine.locator(".look:not(.look-coming)");
    await look.getByText("logged as a look").waitFor();
    expect(await look.getAttribute("data-tile")).toBe("3");
    await page.mouse.move(x + width * 0.8, y + height / 2);
    await eventually(() => look.getAttribute("data-tile")).toBe("9");
    expect(await previews(fresh)).toBe(1);
    await page.mouse.move(5, 5);
    await look.waitFor({ state: "detached" });
    await mine.hover();
    await look.waitFor();
    expect(await previews(fresh)).toBe(1);
    await page.mouse.move(5, 5);
  });

  it("is taken by a key as well", async () => {
    const link = page.locator("[data-index]").filter({ hasText: "Door camera" });
    await link.focus();
    await page.keyboard.press("p");
    const look = link.locator(".look:not(.look-coming)");
    await look.waitFor();
    const first = Number(await look.getAttribute("data-tile"));
    for (let i = 0; i < 10; i += 1) await page.keyboard.press(".");
    await eventually(async () => Number(await look.getAttribute("data-tile"))).toBeGreaterThan(first + 3);
    await page.keyboard.press("Escape");
    await look.waitFor({ state: "detached" });
  });

  it("is not there for who may list items and view none", async () => {
    const auditor = await open("brandt@demo.example", "127.0.0.63", looks[0]);
    await auditor.page.goto(`${site.url}/library`);
    const one = poster(auditor.page, "Foot patrol, Elm Park");
    await one.locator("img").waitFor();
    await one.hover();
    await auditor.page.locator("[data-index='0']").focus();
    await auditor.page.keyboard.press("p");
    // As long as it would take for who may; nothing tells that nothing comes.
    await auditor.page.waitForTimeout(900);
    expect(auditor.asked.filter((url) => looked.test(url))).toEqual([]);
    expect(auditor.complaints).toEqual([]);
    await auditor.context.close();
  });
});

describe.each(shoots ? looks : looks.slice(0, 2))("$name", (look) => {
  it("is judged by axe with a range, a closer look and more light", async () => {
    const { page: shown, context, complaints } = await open("moreno@demo.example", "127.0.0.64", look);
    await shown.goto(`${site.url}/evidence/${ids.walk}?t=4&in=3&out=7&loop=1`);
    await shown.locator(".board-tile").first().waitFor();
    await shown.locator(".map-here").waitFor();
    for (const key of ["+", "+", "b", "z"]) await shown.keyboard.press(key);
    await shown.getByText("View only").waitFor();
    await shown.getByRole("button", { name: "Brightness and zoom" }).click();
    await shown.getByRole("slider", { name: "Brightness" }).waitFor();
    // On a phone the bar of screens at the bottom lies over whatever has not been scrolled up to.
    await shown.locator(".lane-foot").evaluate((foot) => foot.scrollIntoView({ block: "center" }));
    expect(await violations(shown)).toEqual([]);
    await shown.keyboard.press("Escape");
    expect(await violations(shown)).toEqual([]);
    await shoot(shown, `player-${look.name}`);
    const beyond = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it("left the site at no time, and nothing complained", () => {
  expect(watched.complaints).toEqual([]);
  expect(watched.refusals).toEqual([]);
});

async function open(email: string, from: string, look: BrowserContextOptions): Promise<Watched> {
  const signedIn = await signIn(site.url, email, DEMO_PASSWORD, from);
  const opened = await watchedPage(browser, site.url, look);
  const cookies = signedIn.split("; ").map((one) => {
    const [name = "", ...value] = one.split("=");
    return { name, value: value.join("="), url: site.url };
  });
  await opened.context.addCookies(cookies);
  return opened;
}

async function over(share: number): Promise<{ x: number; y: number }> {
  const box = await page.locator(".lane-stack").boundingBox();
  if (box === null) throw new Error("there is no time line");
  return { x: box.x + box.width * share, y: box.y + 10 };
}
async function point(share: number): Promise<void> {
  const { x, y } = await over(share);
  await page.mouse.move(x, y);
}
async function press(share: number): Promise<void> {
  const { x, y } = await over(share);
  await page.mouse.click(x, y);
}

/** Two parts of six seconds each: a camera that was interrupted. */
async function recordInParts(token: string, title: string): Promise<string> {
  const sworn = new Sworn({ url: site.url, token });
  const id = randomUUID();
  await sworn.recordings.open({
    id,
    title,
    clock: { utc: new Date().toISOString(), source: "gnss", uncertaintyMs: 20 },
  });
  for (const take of [0, 1]) {
    await sworn.recordings.putInit(id, take, footage.init);
    for (let n = 0; n < 6; n += 1)
      await sworn.recordings.putFragment(id, take, n, footage.fragments[n] ?? new Uint8Array());
  }
  await sworn.recordings.close(id, {
    takes: [
      { take: 0, fragments: 6 },
      { take: 1, fragments: 6 },
    ],
  });
  return id;
}

function soundOnly(): Buffer {
  const path = join(site.folder, "radio.m4a");
  const args = "-nostdin -v error -y -f lavfi -i sine=frequency=300:duration=8:sample_rate=16000 -c:a aac -f mp4";
  execFileSync("ffmpeg", [...args.split(" "), path]);
  return readFileSync(path);
}

/** Ten frames a second, of which every second pair was dropped: 0, 0.1, 0.4, 0.5, 0.8, 0.9, 1.2 … */
function uneven(): Buffer {
  const path = join(site.folder, "uneven.mp4");
  const kept = "select='lt(mod(n,4),2)',setpts=PTS";
  const args = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10:duration=4", "-vf", kept];
  const codec = "-fps_mode vfr -c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 2 -movflags +faststart";
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args, ...codec.split(" "), path]);
  return readFileSync(path);
}

async function upload(bytes: Uint8Array, name: string): Promise<string> {
  const sworn = new Sworn({ url: site.url, token: site.keys.reader });
  const source = bytesSource(bytes, name);
  const url = await sworn.uploads.create(source);
  await sworn.uploads.send(url, source);
  const { evidenceId } = await sworn.uploads.settled(url);
  return evidenceId ?? "";
}

/** Waits until what runs under the time line was made. */
async function stripped(id: string): Promise<void> {
  for (const end = Date.now() + 60_000; (await site.reader.evidence.strips(id)).waveform === null; await pause(200))
    if (Date.now() > end) throw new Error(`No waveform was made of ${id}.`);
}
