import axe from "axe-core";
import type { Page } from "playwright-core";

/** WCAG 2.2, levels A and AA: what axe can judge of it. */
const standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/** Each violation as one line: rule, what it asks, and the first elements that break it. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated from outside, past the page's content policy, as a browser extension would.
  // A menu that still fades in has other colours than the one that people read; what turns for ever is not waited for.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    // One that is paused, or whose element is not drawn, never ends: nobody waits for it.
    const enough = new Promise((resolve) => setTimeout(resolve, 2_000));
    await Promise.race([Promise.all(ending.map((each) => each.finished.catch(() => undefined))), enough]);
  });
  await page.evaluate(axe.source);
  const { violations: found, passes } = await page.evaluate(async (tags) => {
    const { axe: judge } = window as unknown as { axe: typeof axe };
    const all = await judge.run(document, { runOnly: tags, resultTypes: ["violations"] });
    // Wherever a long page stands, a bar over it cuts something in half: what is large enough once it is scrolled
    // away from the bar is large enough.
    const sizes = all.violations.find(({ id }) => id === "target-size");
    if (sizes === undefined) return all;
    const left = [];
    for (const node of sizes.nodes) {
      const [selector] = node.target.flat();
      const element = selector === undefined ? null : document.querySelector(selector);
      element?.scrollIntoView({ block: "center", behavior: "instant" });
      const again =
        element === null ? null : await judge.run(element, { runOnly: { type: "rule", values: ["target-size"] } });
      if (again === null || again.violations.length > 0) left.push(node);
    }
    sizes.nodes = left;
    all.violations = all.violations.filter(({ nodes }) => nodes.length > 0);
    return all;
  }, standard);
  if (passes.length < 10) throw new Error("axe judged next to nothing: was the page there?");
  return found.map(({ id, help, nodes }) => {
    const where = nodes
      .slice(0, 3)
      .map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary ?? ""})`);
    return `${id}: ${help}\n  ${where.join("\n  ")}`.replaceAll(/\s*\n\s+/g, "\n    ");
  });
}
