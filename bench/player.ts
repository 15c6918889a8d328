import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { join } from "node:path";
import { createSplitter } from "@sworn/core";
import { blobSource, Sworn } from "@sworn/sdk";
import { errors, type Page } from "playwright-core";
import { DEMO_PASSWORD } from "../tools/demo/people.ts";
import { openBrowser } from "../tests/e2e/harness/browser.ts";
import { settled } from "../tests/e2e/harness/record.ts";
import { openSite, type Site } from "../tests/e2e/harness/site.ts";
import { quantile, table } from "./measure.ts";

// What an investigator waits for: from the click in the library to the first frame of the picture itself (the poster
// does not count), and from the press on the time line to the frame of that moment. Real Chromium, real server.

export interface PlayerOptions {
  /** Clicks and seeks of each kind. */
  readonly times: number;
  /** Shorter files and fewer parts, to try the bench itself. */
  readonly scale: number;
}

interface Subject {
  readonly name: string;
  readonly title: string;
}

/** Milliseconds between the button's release and the moment the browser was to show the frame. */
interface Waits {
  readonly first: number[];
  readonly seeks: number[];
}

export async function benchPlayer({ times, scale }: PlayerOptions): Promise<string> {
  const site = await openSite();
  const browser = await openBrowser();
  try {
    const subjects = await fill(site, scale);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(watchFrames);
    await page.goto(`${site.url}/library`);
    await page.getByLabel("E-mail").fill("moreno@demo.example");
    await page.locator("input[name=password]").fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    const rows: string[][] = [];
    for (const subject of subjects) {
      console.error(`${subject.name}: ${times} clicks and ${times} seeks …`);
      const { first, seeks } = await measure(page, subject, times);
      const cells = (waits: readonly number[]): string[] => {
        const [cold = Number.NaN, ...rest] = waits;
        return [...[0.5, 0.95, 1].map((share) => String(Math.round(quantile(rest, share)))), String(Math.round(cold))];
      };
      console.error(`  first ${first.map(Math.round).join(" ")}\n  seek ${seeks.map(Math.round).join(" ")}`);
      rows.push([subject.name, ...cells(first), ...cells(seeks).slice(0, 3)]);
    }
    const head = ["", "first frame p50 ms", "p95", "most", "the very first", "seek p50 ms", "p95", "most"];
    return table(head, rows);
  } finally {
    await browser.close();
    await site.close();
  }
}

async function measure(page: Page, subject: Subject, times: number): Promise<Waits> {
  const waits: Waits = { first: [], seeks: [] };
  for (let i = 0; i <= times; i++) {
    const card = page.locator(".item").filter({ hasText: subject.title }).locator(".card-text");
    await card.waitFor();
    await page.locator(".poster img").first().waitFor();
    // A hand comes, and presses as long as a hand does.
    await card.hover();
    await page.waitForTimeout(120);
    await card.click({ delay: 70 });
    waits.first.push(await told(page, "first"));
    await page.locator(".board-tile").first().waitFor();
    await seekOnce(page, i, waits.seeks);
    await page.getByRole("link", { name: "Back to the library" }).click();
    await page.waitForURL(/\/library/);
  }
  return waits;
}

/** To somewhere else each time, always the same places. */
async function seekOnce(page: Page, n: number, into: number[]): Promise<void> {
  const box = await page.locator(".lane-stack").boundingBox();
  if (box === null) throw new Error("there is no time line");
  const share = 0.03 + ((n * 0.618_034 + 0.4) % 1) * 0.92;
  await page.mouse.move(box.x + box.width * share, box.y + 12);
  await page.waitForTimeout(150);
  await page.mouse.down();
  await page.mouse.up();
  into.push(await told(page, "seek"));
}

/** Longer waits count as this long: somebody has given up. */
const patienceMs = 15_000;

async function told(page: Page, what: "first" | "seek"): Promise<number> {
  try {
    const wait = await page.waitForFunction(
      (name) => (window as unknown as { waits: Record<string, number | undefined> }).waits[name],
      what,
      { timeout: patienceMs, polling: 20 },
    );
    return Number(await wait.jsonValue());
  } catch (error) {
    if (error instanceof errors.TimeoutError) return patienceMs;
    throw error;
  }
}

/** In the page: from the event's own time stamp to the time at which the frame was to be shown. */
function watchFrames(): void {
  const told = window as unknown as { waits: Record<string, number | undefined> };
  told.waits = {};
  let clicked = 0;
  let pressed = 0;
  document.addEventListener("click", (event) => (clicked = event.timeStamp), true);
  document.addEventListener(
    "pointerdown",
    (event) => {
      pressed = event.timeStamp;
      delete told.waits["seek"];
    },
    true,
  );
  const known = new WeakSet<HTMLVideoElement>();
  const follow = (video: HTMLVideoElement): void => {
    delete told.waits["first"];
    let first = true;
    const frame = (_now: number, { mediaTime, expectedDisplayTime }: VideoFrameCallbackMetadata): void => {
      if (first) told.waits["first"] = expectedDisplayTime - clicked;
      else if (told.waits["seek"] === undefined && Math.abs(mediaTime - video.currentTime) < 0.2)
        told.waits["seek"] = expectedDisplayTime - pressed;
      first = false;
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  };
  new MutationObserver(() => {
    const video = document.querySelector("video");
    if (video === null || known.has(video)) return;
    known.add(video);
    follow(video);
  }).observe(document, { childList: true, subtree: true });
}

async function fill(site: Site, scale: number): Promise<Subject[]> {
  const minutes = Math.max(1, Math.round(30 * scale));
  const base = join(site.folder, "minute.mp4");
  const source = "-f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000";
  const codecs = "-c:v libx264 -preset ultrafast -b:v 2M -maxrate 2M -bufsize 2M -pix_fmt yuv420p -g 60 -c:a aac";
  ffmpeg(`${source} -t 60 ${codecs} -movflags +faststart ${base}`);
  const long = join(site.folder, "long.mp4");
  // As cameras write it: the index at the end.
  ffmpeg(`-stream_loop ${minutes - 1} -i ${base} -c copy ${long}`);
  const fragmented = join(site.folder, "fragments.mp4");
  const parts = "-movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer";
  ffmpeg(`-i ${base} -c copy ${parts} ${fragmented}`);
  const longFragmented = join(site.folder, "long-fragments.mp4");
  ffmpeg(`-stream_loop ${minutes - 1} -i ${base} -c copy ${parts} ${longFragmented}`);
  console.error("uploading …");
  await upload(site, base, "One minute.mp4");
  await upload(site, long, "Thirty minutes.mp4");
  console.error("recording …");
  await record(site, fragmented, "Recorded minute");
  await record(site, longFragmented, "Recorded half hour");
  return [
    { name: "MP4 of 1 min, index in front", title: "One minute" },
    { name: `MP4 of ${minutes} min, index at the end`, title: "Thirty minutes" },
    { name: "recording of 1 min in fragments", title: "Recorded minute" },
    { name: `recording of ${minutes} min in fragments`, title: "Recorded half hour" },
  ];
}

function ffmpeg(args: string): void {
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args.split(" ")], { stdio: "inherit" });
}

async function upload(site: Site, path: string, name: string): Promise<void> {
  const sworn = new Sworn({ url: site.url, token: site.keys.reader });
  const source = blobSource(await openAsBlob(path, { type: "video/mp4" }), name);
  const url = await sworn.uploads.create(source);
  await sworn.uploads.send(url, source);
  const { evidenceId } = await sworn.uploads.settled(url);
  await whole(site, evidenceId ?? "");
}

async function record(site: Site, path: string, title: string): Promise<void> {
  const sworn = new Sworn({ url: site.url, token: site.keys.cameras[0]?.token ?? "" });
  const id = randomUUID();
  const clock = { utc: new Date().toISOString(), source: "gnss", uncertaintyMs: 20 } as const;
  await sworn.recordings.open({ id, title, clock });
  const splitter = createSplitter();
  let n = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }))
    for (const unit of splitter.push(piece as Buffer))
      if (unit.kind === "init") await sworn.recordings.putInit(id, 0, unit.bytes);
      else if (unit.kind === "fragment") await sworn.recordings.putFragment(id, 0, n++, unit.bytes);
  await sworn.recordings.close(id, { takes: [{ take: 0, fragments: n }] });
  await whole(site, id);
}

/** Until nothing is made of it any more: the bench must not measure beside the decoder. */
async function whole(site: Site, id: string): Promise<void> {
  await settled(site.reader, id, 600_000);
  for (const end = Date.now() + 600_000; (await site.reader.evidence.strips(id)).waveform === null;) {
    if (Date.now() > end) throw new Error("the strips were not made");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
