import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { DEMO_PASSWORD } from "./people.ts";

export interface Played {
  readonly frames: number;
  readonly seconds: number;
}

/** Signs in and plays one item in a real browser; fails when its frames do not advance. */
export async function playInBrowser(url: string, email: string, evidenceId: string, profile: string): Promise<Played> {
  mkdirSync(profile, { recursive: true });
  const context = await chromium.launchPersistentContext(join(profile, "chromium"), {
    executablePath: process.env["SWORN_CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
  try {
    const page = await context.newPage();
    await page.goto(`${url}/`);
    await page.getByRole("textbox", { name: /e-?mail/i }).fill(email);
    await page.getByRole("textbox", { name: /password/i }).fill(DEMO_PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
    await page.goto(`${url}/evidence/${evidenceId}`);
    return await framesAdvance(page);
  } finally {
    await context.close();
  }
}

interface Seen {
  readonly frames: number;
  readonly seconds: number;
}

async function framesAdvance(page: Page): Promise<Played> {
  await page.waitForSelector("video", { timeout: 20_000 });
  const look = (): Promise<Seen> =>
    page.evaluate(() => {
      const video = document.querySelector("video");
      return { frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0, seconds: video?.currentTime ?? 0 };
    });
  await page.evaluate(async () => {
    const video = document.querySelector("video");
    if (video === null) throw new Error("there is no video on the page");
    video.muted = true;
    await video.play();
  });
  const before = await look();
  await page.waitForTimeout(2500);
  const after = await look();
  if (after.frames - before.frames < 10 || after.seconds - before.seconds < 1)
    throw new Error(`The picture does not move: ${JSON.stringify({ before, after })}`);
  return { frames: after.frames - before.frames, seconds: after.seconds - before.seconds };
}
