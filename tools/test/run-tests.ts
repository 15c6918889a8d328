import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// `npm test [-- pattern…]`: every test, in one runner. The last line is `N passed, N failed, N skipped`.

const root = join(import.meta.dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "sworn-test-report-"));
const report = join(scratch, "report.json");

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const child = spawn(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));

child.on("close", (code) => {
  const result = readReport();
  rmSync(scratch, { recursive: true, force: true });
  if (result === null) {
    console.log("The test runner ended without a report.\n0 passed, 1 failed, 0 skipped");
    process.exitCode = 1;
    return;
  }
  const skipped = result.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "pending" || status === "skipped" || status === "todo")
      .map(({ fullName }) => `${name.replace(`${root}/`, "")}: ${fullName}`),
  );
  for (const line of skipped) console.log(`skipped  ${line}`);
  // A file that fails before its first test counts as a failure, or nothing would.
  const failed = Math.max(result.numFailedTests, code === 0 && result.success ? 0 : 1);
  console.log(`${result.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed === 0 && result.numPassedTests > 0 ? 0 : 1;
});

function readReport(): Report | null {
  try {
    return JSON.parse(readFileSync(report, "utf8")) as Report;
  } catch {
    return null;
  }
}
