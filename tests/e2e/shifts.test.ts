import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../../tools/demo/people.ts";
import { makeFootage } from "../fault/harness/footage.ts";
import { signIn } from "./harness/ask.ts";
import { violations } from "./harness/axe.ts";
import { eventually, openBrowser, watchedPage, type Watched } from "./harness/browser.ts";
import { recordShortly, settled } from "./harness/record.ts";
import { shoot } from "./harness/shoot.ts";
import { openSite, type Site } from "./harness/site.ts";

// Badges are given, cameras handed out and brought back, and what was written down wrongly is corrected.

vi.setConfig({ testTimeout: 60_000 });

let site: Site;
let browser: Browser;
let desk: Watched;
let page: Page;
let item: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const footage = makeFootage(site.folder, 2);
  item = await recordShortly(site.url, site.keys.cameras[1]?.token ?? "", footage, "Taken with VX-204");
  await settled(site.reader, item);
  desk = await open("127.0.0.80", { colorScheme: "light" });
  page = desk.page;
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 60_000);

async function open(from: string, options: Parameters<typeof watchedPage>[2]): Promise<Watched> {
  const cookie = await signIn(site.url, "moreno@demo.example", DEMO_PASSWORD, from);
  const opened = await watchedPage(browser, site.url, options);
  await opened.context.addCookies(
    cookie.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
  return opened;
}

async function judge(on: Page, name: string): Promise<void> {
  await on.evaluate(() => document.fonts.ready);
  await on.locator("#shifts").scrollIntoViewIfNeeded();
  await shoot(on, name);
  expect(await violations(on), name).toEqual([]);
  const beyond = await on.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond, name).toBe(0);
}

const wearer = async (): Promise<string | undefined> => (await site.reader.evidence.get(item)).person?.name;
const panel = (): ReturnType<Page["locator"]> => page.locator("#shifts");

it("gives somebody a badge, and nobody else the same", async () => {
  await page.goto(`${site.url}/admin`);
  const give = async (name: string): Promise<void> => {
    await page
      .locator("#people")
      .getByRole("button", { name: `Change ${name}` })
      .click();
    await page.getByRole("menuitem", { name: "Badge…" }).click();
    const dialog = page.getByRole("dialog", { name: `Badge number of ${name}` });
    await dialog.getByRole("textbox", { name: "Badge" }).fill("4471");
    await dialog.getByRole("button", { name: "Save" }).click();
  };
  await give("Ofc. Adair");
  await page.locator("#people").getByRole("cell", { name: "4471" }).waitFor();
  await give("Sgt. Okafor");
  await page.getByText("Somebody has this badge already. Nothing was changed.").waitFor();
  await page.keyboard.press("Escape");
});

it("a scanner checks a camera out and in; undo takes it back; a shift is corrected and its recording follows", async () => {
  const camera = panel().getByRole("combobox", { name: "Camera" });
  await camera.fill("VX-204");
  await camera.press("Enter");
  await page.keyboard.type("4471");
  await page.keyboard.press("Enter");
  await page.getByText("VX-204 checked out to Ofc. Adair.").waitFor();
  const today = panel().getByRole("region", { name: "Today and still out", exact: true });
  await today.getByText("still out", { exact: true }).waitFor();
  await judge(page, "shifts-1440-light");
  await page.getByRole("button", { name: "Undo" }).click();
  await panel().getByText("No camera is out, and none was today.").waitFor();

  await camera.fill("VX-204");
  await camera.press("Enter");
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await panel().getByText("There is nobody with this badge whom you may give a camera.").waitFor();
  await panel().getByRole("combobox", { name: "Badge or name" }).fill("Ofc. Adair");
  await page.keyboard.press("Enter");
  await today.getByText("still out", { exact: true }).waitFor();
  expect(await wearer()).toBeUndefined();
  await today.getByRole("button", { name: "Change VX-204, Ofc. Adair" }).click();
  await page.getByRole("menuitem", { name: "Correct…" }).click();
  const dialog = page.getByRole("dialog", { name: "Correct the shift with VX-204" });
  const since = dialog.getByLabel("Since");
  // A day earlier: so they had the camera when it recorded.
  const dayBefore = new Date(Date.parse(`${await since.inputValue()}:00Z`) - 86_400_000);
  await since.fill(dayBefore.toISOString().slice(0, 16));
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("The shift with VX-204 was corrected.").waitFor();
  await eventually(wearer).toBe("Ofc. Adair");
  await today.getByRole("button", { name: "Check in VX-204" }).click();
  await page.getByText("VX-204 checked in.").waitFor();
  await eventually(() => today.getByText("still out", { exact: true }).count()).toBe(0);
  expect(desk.complaints).toEqual([]);
});

it("on a phone, in the dark and in Spanish", async () => {
  const phone = await open("127.0.0.81", {
    colorScheme: "dark",
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: "es-ES",
  });
  await phone.page.goto(`${site.url}/admin#shifts`);
  await phone.page.locator("#shifts").getByText("Hoy y aún fuera").first().waitFor();
  await phone.page.locator("#shifts").getByText("VX-204").first().waitFor();
  await judge(phone.page, "shifts-390-dark");
  expect(phone.complaints).toEqual([]);
  await phone.context.close();
});
