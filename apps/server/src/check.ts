import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isDataHome } from "./adapters/data-home/index.ts";
import { openFsBlobStore } from "./adapters/fs/blob-store.ts";
import { FsSpool } from "./adapters/fs/spool.ts";
import { schemaDrift } from "./adapters/postgres/index.ts";
import { exitCodeOf, type Finding, type Progress, runCheck } from "./capabilities/check/index.ts";
import { systemClock } from "./ports/clock.ts";
import { ConfigError, readConfig } from "./main/config.ts";
import { writeLastCheck } from "./main/data-home-state.ts";
import { openGround } from "./main/open-ground.ts";
import { createLog } from "./main/operator-log.ts";

// `sworn check [--checkpoint FILE] [--json]`: recomputes the log and every stored object. Exit 1 if anything is wrong.

const usage = "sworn check [--checkpoint FILE] [--json]";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { checkpoint: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const config = readConfig(process.env, []);
  if (!isDataHome(config.home))
    throw new Error(`There is no data in ${config.home}. Name the folder that the server uses in SWORN_HOME.`);
  const ground = await openGround(config, "sworn check", createLog("warn"), true);
  const blobStore = await openFsBlobStore(config.objects);
  try {
    const findings = await runCheck({
      database: ground.database,
      blobStore,
      spool: await FsSpool.open({ folder: join(config.home, "spool") }),
      keyRing: ground.keyRing,
      tileStore: ground.tileStore,
      clock: systemClock,
      schemaDrift: () => schemaDrift(async (text) => (await ground.asOwner(text)) as { rows: { line: string }[] }),
      onProgress: values.json ? () => undefined : showProgress(),
      ...(values.checkpoint === undefined ? {} : { outsideCheckpoint: readFileSync(values.checkpoint, "utf8") }),
    });
    // For the health page; a check that changes nothing in what it checks may leave word that it ran.
    writeLastCheck(config.home, systemClock.now(), findings.filter(({ severity }) => severity === "wrong").length);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ findings })}\n`
        : inWords(findings, config.home, values.checkpoint !== undefined),
    );
    return exitCodeOf(findings);
  } finally {
    blobStore.close();
    await ground.close();
  }
}

/** One line that overwrites itself on a terminal; silent elsewhere, where only the result matters. */
function showProgress(): (progress: Progress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return ({ step, done, total }) =>
    process.stderr.write(`\r\u001b[K${step} ${done}${total === null ? "" : ` of ${total}`}`);
}

function inWords(findings: readonly Finding[], home: string, fromOutside: boolean): string {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const lines = findings.map(
    ({ severity, code, sentence }) => `${severity === "wrong" ? "WRONG" : "note "} ${code}: ${sentence}`,
  );
  const wrong = findings.filter(({ severity }) => severity === "wrong").length;
  lines.push(
    wrong === 0
      ? `Everything that is stored in ${home} matches the log.`
      : `${wrong} ${wrong === 1 ? "thing is" : "things are"} wrong.`,
  );
  if (!fromOutside)
    lines.push(
      "Not checked: whether database and tiles were rolled back together. Only a checkpoint kept elsewhere shows that (--checkpoint FILE).",
    );
  return `${lines.join("\n")}\n`;
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n${error instanceof ConfigError || error instanceof TypeError ? `${usage}\n` : ""}`);
  process.exitCode = 2;
}
