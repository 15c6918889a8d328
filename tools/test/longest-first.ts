import { relative, sep } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Seconds that the longest files take alone, roughly; `npm test -- FILE` says it anew. What is not named here is
 * shorter than a quarter of a minute, and comes after by its folder: what drives a browser or kills servers first.
 */
const seconds: Readonly<Record<string, number>> = {
  "tests/fault/kill-storm.test.ts": 115,
  "tests/e2e/screens.test.ts": 80,
  "tests/e2e/library.test.ts": 70,
  "tests/scale/library.test.ts": 70,
  "tests/fault/controls.test.ts": 65,
  "tests/fault/database-loss.test.ts": 65,
  "tests/e2e/today-views-map.test.ts": 65,
  "tests/e2e/retention.test.ts": 60,
  "tests/e2e/who-may-see.test.ts": 55,
  "tests/e2e/player.test.ts": 55,
  "tests/e2e/evidence-page.test.ts": 50,
  "tests/e2e/every-id.test.ts": 35,
  "tests/e2e/route-table.test.ts": 30,
};

/** The longest file first, so that at the end no worker is alone with it while the others have nothing left. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // The runner's own order (by what it remembers, else by size) is kept among equals.
    const known = await super.sort(files);
    return known.toSorted((a, b) => this.#weight(b) - this.#weight(a));
  }

  #weight({ moduleId, project }: TestSpecification): number {
    const name = relative(project.vitest.config.root, moduleId).replaceAll(sep, "/");
    return seconds[name] ?? (name.startsWith("tests/") ? 14 : 0);
  }
}
