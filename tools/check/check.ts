import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkArrows } from "./arrows.ts";
import { checkDoors } from "./doors.ts";
import { checkDocLinks } from "./doc-links.ts";
import { isSentence } from "../../apps/web/src/words/shape.ts";
import { words } from "../../apps/web/src/words/index.ts";
import { checkProblemCodes } from "./problem-codes.ts";
import { checkSizes } from "./sizes.ts";
import { checkWords } from "./words.ts";

// `npm run check`: types, lint, formatting, arrows, the two doors, words from the catalogue, docs links, size budgets. Exit 1 if anything is wrong.

const root = join(import.meta.dirname, "../..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);

interface Step {
  readonly name: string;
  readonly run: () => string[];
}

function command(file: string, args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
  return status === 0 ? [] : [`${stdout}${stderr}`.trim()];
}

const projects = ["packages", "apps"]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .concat("tools", "tests", "bench")
  .filter((project) => existsSync(join(root, project, "tsconfig.json")));

const steps: Step[] = [
  ...projects.map((project) => ({
    name: `types ${project}`,
    run: () => command(bin("tsc"), ["-p", project, "--noEmit"]),
  })),
  { name: "lint", run: () => command(bin("oxlint"), ["--type-aware", "--max-warnings", "0", "."]) },
  { name: "format", run: () => command(bin("oxfmt"), ["--check", "."]) },
  { name: "arrows", run: () => checkArrows(root) },
  { name: "two doors", run: () => checkDoors(root) },
  { name: "words", run: () => checkWords(root, (path) => isSentence(words, path)) },
  { name: "every code tested", run: () => checkProblemCodes(root) },
  { name: "docs links", run: () => checkDocLinks(root) },
  { name: "size budget", run: () => checkSizes(root) },
];

let failed = 0;
for (const { name, run } of steps) {
  const started = performance.now();
  const findings = run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${findings.length === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  for (const finding of findings) console.log(finding.replaceAll(/^/gm, "     "));
  if (findings.length > 0) failed += 1;
}
console.log(failed === 0 ? "check: all good" : `check: ${failed} of ${steps.length} steps failed`);
process.exitCode = failed === 0 ? 0 : 1;
