import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { DEMO_PASSWORD } from "../../../tools/demo/people.ts";
import { shoots } from "./shoot.ts";

const args = [
  "--no-sandbox",
  // Without a graphics card Chromium paints maps faster like this, and their pictures only whole in the other way.
  ...(shoots ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-gpu"]),
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/** The system's Chromium, as an ordinary person would run it but without a window. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env["SWORN_CHROMIUM"] ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, headless: true, args });
}

/** A page of which every complaint is kept: what a person with the tools open, or a censor of the network, would see. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and console, violations of the content policy, requests to anywhere but the site. */
  readonly complaints: readonly string[];
  /** Every address that was asked for. */
  readonly asked: readonly string[];
  /** Answers in the 400s and 500s, as `status path`: expected ones are for the test to name. */
  readonly refusals: readonly string[];
}

export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(30_000); // shorter than a test's, so that what was waited for is named
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  const refusals: string[] = [];
  // On the context, not the page: workers and their requests count too.
  context.on("request", (request) => {
    asked.push(request.url());
    const { protocol, origin: to } = new URL(request.url());
    if (protocol !== "blob:" && protocol !== "data:" && to !== origin)
      complaints.push(`left the site: ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) refusals.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  context.on("console", (message) => {
    // A refused request is an answer, kept in `refusals`; the console only repeats it.
    const repeated = message.text().startsWith("Failed to load resource: the server responded with a status of");
    if (message.type() === "error" && !repeated) complaints.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => complaints.push(`script: ${error.error().message}`));
  await page.exposeFunction("swornViolation", (text: string) => complaints.push(`content policy: ${text}`));
  await page.addInitScript(() => {
    const told = window as unknown as { swornViolation: (text: string) => void };
    document.addEventListener("securitypolicyviolation", (event) =>
      told.swornViolation(
        `${event.effectiveDirective} refused ${event.blockedURI} ${event.sourceFile} ${event.sample}`,
      ),
    );
  });
  return { page, context, complaints, asked, refusals };
}

/** Through the page, as a person does. */
export async function signInByPage(page: Page, email: string, password = DEMO_PASSWORD): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Polls until an expectation holds; patient enough for a machine that does other things as well. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- the matcher's own type has no short name
export const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 50 });

/** What the picture is doing now. */
export interface Picture {
  readonly time: number;
  readonly frames: number;
  readonly paused: boolean;
  readonly rate: number;
  readonly duration: number;
  /** Still on its way to the moment that was asked for. */
  readonly seeking: boolean;
}

export function picture(page: Page): Promise<Picture> {
  return page.locator("video").evaluate((element) => {
    const video = element as HTMLVideoElement;
    return {
      time: video.currentTime,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      paused: video.paused,
      rate: video.playbackRate,
      duration: video.duration,
      seeking: video.seeking || video.readyState < 2,
    };
  });
}
