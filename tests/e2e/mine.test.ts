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

// The wearer says what each of their recordings is: with keys at a desk, with a thumb on a phone.

vi.setConfig({ testTimeout: 60_000 });

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), openBrowser()]);
  const keep = { count: 90, unit: "day" };
  for (const name of ["Traffic stop", "Foot patrol", "Arrest"])
    await site.admin.call("POST", "/api/v1/categories", { name, keep });
  const footage = makeFootage(site.folder, 2);
  for (const [camera, title] of [
    [0, "First, Elm St"],
    [1, "Not Adair's"],
    [0, "Second, Oak Ave"],
    [0, "Third, Elm Park"],
  ] as const)
    await settled(site.reader, await recordShortly(site.url, site.keys.cameras[camera]?.token ?? "", footage, title));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 60_000);

async function open(from: string, options: Parameters<typeof watchedPage>[2]): Promise<Watched> {
  const cookie = await signIn(site.url, "adair@demo.example", DEMO_PASSWORD, from);
  const opened = await watchedPage(browser, site.url, options);
  await opened.context.addCookies(
    cookie.split("; ").map((one) => {
      const [name = "", ...value] = one.split("=");
      return { name, value: value.join("="), url: site.url };
    }),
  );
  return opened;
}

async function judge(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await shoot(page, name);
  expect(await violations(page), name).toEqual([]);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond, name).toBe(0);
}

const categoriesOf = async (title: string): Promise<string[]> => {
  const { items } = await site.reader.evidence.list({ q: title });
  return (items[0]?.categories ?? []).map(({ name }) => name);
};

it("at a desk: keys choose, save, skip; undo brings the item back; nothing of anybody else is in it", async () => {
  const desk = await open("127.0.0.70", { colorScheme: "light" });
  const { page } = desk;
  await page.goto(`${site.url}/today`);
  await page.getByRole("link", { name: "One after the other" }).click();
  await page.getByRole("heading", { name: "Third, Elm Park" }).waitFor();
  await page.getByText("1 of 3", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Choose at least one category.").waitFor();
  await page.getByRole("checkbox", { name: "Arrest" }).waitFor();
  await page.keyboard.press("1");
  expect(await page.getByRole("checkbox", { name: "Arrest" }).isChecked()).toBe(true);
  await judge(page, "mine-1440-light");
  await page.getByRole("textbox", { name: "Incident number" }).fill("26-0077");
  await page.keyboard.press("Enter");
  await page.getByText("2 of 3", { exact: true }).waitFor();
  await page.getByText("Third, Elm Park: Arrest, incident 26-0077.").waitFor();
  expect(await categoriesOf("Third")).toEqual(["Arrest"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("1 of 3", { exact: true }).waitFor();
  await page.getByText("Taken back; here it is again.").waitFor();
  expect(await categoriesOf("Third")).toEqual([]);
  expect((await site.reader.evidence.list({ incident: "26-0077" })).items).toEqual([]);
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "Second, Oak Ave" }).waitFor();
  await page.getByRole("button", { name: "Show where it begins" }).click();
  await page.getByText("41.76370, -72.68510").waitFor();
  await page.keyboard.press("3");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "First, Elm St" }).waitFor();
  await page.keyboard.press("s");
  await page.getByText("1 categorised, 2 skipped.").waitFor();
  await judge(page, "mine-end-1440-light");
  expect(await categoriesOf("Second")).toEqual(["Traffic stop"]);
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});

it("on a phone: large targets under the thumb, in Spanish, down to the empty list", async () => {
  const phone = await open("127.0.0.71", {
    colorScheme: "dark",
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: "es-ES",
  });
  const { page } = phone;
  await page.goto(`${site.url}/mine`);
  for (const n of [1, 2]) {
    await page.getByText(`${n} de 2`, { exact: true }).waitFor();
    const target = page.locator("label.mine-category", { hasText: "Foot patrol" });
    await target.tap();
    for (const one of [target, page.getByRole("button", { name: "Guardar y seguir" })])
      expect((await one.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    if (n === 1) await judge(page, "mine-390-dark");
    await page.getByRole("button", { name: "Guardar y seguir" }).tap();
  }
  await page.getByRole("button", { name: "Buscar lo que queda" }).tap();
  await page.getByText("Nada por categorizar").waitFor();
  await judge(page, "mine-empty-390-dark");
  await eventually(() => categoriesOf("First")).toEqual(["Foot patrol"]);
  expect(await categoriesOf("Not Adair's")).toEqual([]);
  expect(phone.complaints).toEqual([]);
  await phone.context.close();
});
