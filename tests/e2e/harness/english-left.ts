import type { Page } from "playwright-core";
import { spanish } from "../../../apps/web/src/words/es/index.ts";
import { inEnglish } from "../../../apps/web/src/words/index.ts";

/** Every sentence of a catalogue that is none with blanks in it. */
function sentences(words: unknown): string[] {
  if (typeof words === "string") return [words];
  return typeof words === "object" && words !== null ? Object.values(words).flatMap(sentences) : [];
}

const said = new Set(sentences(spanish));
const english = new Set(sentences(inEnglish).filter((text) => !said.has(text) && /[a-z]{2}/i.test(text)));
// What stands in no catalogue, and sentences with blanks: Spanish has none of these words.
const telling = /\b(the|of|and|with|was|were|your|you|this|that|by|from|not|have|is|are|for|what|who)\b/i;

/** English in what a page that speaks Spanish shows and says, except what people wrote (`written`). */
export async function englishLeft(page: Page, written: readonly string[]): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = new Set<string>();
    const visible = (element: Element | null): boolean =>
      element?.checkVisibility({ visibilityProperty: true }) ?? false;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const foreign = node.parentElement?.closest("[lang], script, style, textarea");
      if (visible(node.parentElement) && (foreign ?? document.documentElement) === document.documentElement)
        found.add(node.textContent ?? "");
    }
    for (const name of ["aria-label", "placeholder", "title", "alt", "aria-description"])
      for (const element of document.body.querySelectorAll(`[${name}]`))
        if (visible(element)) found.add(element.getAttribute(name) ?? "");
    return [...found].map((text) => text.replaceAll(/\s+/g, " ").trim());
  });
  return texts.filter(
    (text) => english.has(text) || (telling.test(text) && !written.some((own) => text.includes(own))),
  );
}

/** What reaches beyond the window's right edge without lying in something that scrolls. */
export async function beyondTheEdge(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const scrolls = (element: Element | null): boolean => {
      for (let at = element; at !== null && at !== document.body; at = at.parentElement)
        if (getComputedStyle(at).overflowX !== "visible") return true;
      return false;
    };
    return [...document.body.querySelectorAll("*")]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (right > edge + 1 || left < -1) && !scrolls(element.parentElement);
      })
      .filter((element) => element.closest(".skip, svg, .sr-only") === null)
      .map(
        (element) =>
          `${element.tagName.toLowerCase()}.${element.className} “${(element.textContent ?? "").slice(0, 40)}”`,
      );
  });
}
