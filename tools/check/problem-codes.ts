import { readFileSync } from "node:fs";
import { join } from "node:path";
import { problems } from "../../packages/contract/src/errors.ts";
import { sourceFiles } from "./source-files.ts";

/** Every code that the API can answer with stands in some test, as a word of its own. */
export function checkProblemCodes(root: string): string[] {
  const tests = sourceFiles(root)
    .filter((file) => /\.(?:test|testing)\.ts$/.test(file))
    .map((file) => readFileSync(join(root, file), "utf8"));
  return Object.keys(problems)
    .filter((code) => !tests.some((text) => new RegExp(`["'\`]${code}["'\`]`).test(text)))
    .map((code) => `packages/contract/src/errors.ts: no test meets "${code}"`);
}
