import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

// `npm test [-- pattern…]`: every test, in one runner. The last line is `N passed, N failed, N skipped`.
//
// A few files that fail are run once more, alone, on a machine that is quiet by then. What passes then is no
// failure, but it is named: an unsteady test is a fault of the test or of Sworn, and somebody has to look.

/** More files than these do not fail by chance. */
const MOST_UNSTEADY = 3;

const root = join(import.meta.dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "sworn-test-report-"));

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

const patterns = process.argv.slice(2);
const first = await run(patterns);
let files = first.files;
let failed = files.filter(({ status }) => status === "failed");
let unsteady: readonly TestFile[] = [];
if (failed.length > 0 && failed.length <= MOST_UNSTEADY && !first.stopped) {
  console.log(`\nOnce more, alone: ${failed.map(nameOf).join(", ")}\n`);
  const again = await run(["--no-file-parallelism", ...failed.map(nameOf)]);
  const second = new Map(again.files.map((file) => [file.name, file]));
  unsteady = failed.filter(({ name }) => second.get(name)?.status === "passed");
  files = files.map((file) => (unsteady.includes(file) ? (second.get(file.name) ?? file) : file));
  failed = failed.filter((file) => !unsteady.includes(file));
}
rmSync(scratch, { recursive: true, force: true });

for (const file of unsteady)
  for (const title of titlesOf(file, "failed")) console.log(`unsteady  ${nameOf(file)}: ${title}`);
const skipped = files.flatMap((file) =>
  titlesOf(file, "pending", "skipped", "todo").map((title) => `${nameOf(file)}: ${title}`),
);
for (const line of skipped) console.log(`skipped  ${line}`);
const passed = files.flatMap((file) => titlesOf(file, "passed")).length;
// A file that fails before its first test counts as a failure, or nothing would; so does a runner without a report.
const failures = Math.max(
  files.flatMap((file) => titlesOf(file, "failed")).length,
  failed.length,
  first.stopped || files.length === 0 || (!first.green && unsteady.length === 0) ? 1 : 0,
);
console.log(`${passed} passed, ${failures} failed, ${skipped.length} skipped`);
process.exitCode = failures === 0 && passed > 0 ? 0 : 1;

/** Runs the files that match, and tells of each; `green` is the runner's own word, which covers errors outside tests. */
async function run(
  arguments_: readonly string[],
): Promise<{ readonly files: readonly TestFile[]; readonly green: boolean; readonly stopped: boolean }> {
  const report = join(scratch, `${Date.now()}.json`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [vitest, "run", ...reporters, ...arguments_], { cwd: root, stdio: "inherit" });
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      stopped = true;
      child.kill(signal);
    });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  try {
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as { readonly testResults: readonly TestFile[] };
    return { files: testResults, green: code === 0, stopped };
  } catch {
    console.log("The test runner ended without a report.");
    return { files: [], green: false, stopped };
  }
}

function nameOf(file: TestFile): string {
  return relative(root, file.name);
}

function titlesOf(file: TestFile, ...states: readonly string[]): string[] {
  return file.assertionResults.filter(({ status }) => states.includes(status)).map(({ fullName }) => fullName);
}
