// Every npm script enters here, on whatever Node there is from 20 on: finds or installs what is missing,
// then runs the real program under the pinned Node. Plain JavaScript, and no packages: there are none yet.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensurePackages, findPinnedNode } from "./packages.mjs";
import { runProgram } from "./run.mjs";
import { ensureSystemPackages, findChromium } from "./system-packages.mjs";
import { ensureWebApps } from "./web-app.mjs";

const COMMANDS = {
  start: { program: "apps/server/src/main.ts", needs: () => ["ffmpeg"], web: true },
  demo: {
    program: "tools/demo/demo.ts",
    // With --exit it shows playing, in a browser, before it leaves.
    needs: (args) => (args.includes("--exit") ? ["ffmpeg", "chromium"] : ["ffmpeg"]),
    web: true,
  },
  test: { program: "tools/test/run-tests.ts", needs: () => ["ffmpeg", "chromium"], web: true },
  check: { program: "tools/check/check.ts", needs: () => [], web: false },
  bench: { program: "bench/run.ts", needs: () => ["ffmpeg"], web: false },
  faults: { program: "tests/fault/campaign.ts", needs: () => ["ffmpeg"], web: false },
};

/** Standard output belongs to the program: its last line is read by other programs. */
const say = (text) => process.stderr.write(`${text}\n`);

async function main([name, ...args]) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name] : undefined;
  if (command === undefined) {
    say(`Usage: node tools/launcher/launch.mjs <${Object.keys(COMMANDS).join("|")}> [arguments]`);
    return 2;
  }
  if (!existsSync(join(root, command.program))) {
    say(`${command.program} is not in this checkout.`);
    return 1;
  }
  // Before anything else is downloaded: where the answer is "type this", it should come at once.
  if (!(await ensureSystemPackages(command.needs(args), say))) return 1;
  if (!(await ensurePackages(root, say))) return 1;
  const node = findPinnedNode(root);
  if (node === null) {
    say(`Node 24 is not there for this machine (${process.platform} ${process.arch}). Install it and start again.`);
    return 1;
  }
  if (command.web && !(await ensureWebApps(root, node, say))) return 1;
  const chromium = findChromium();
  return await runProgram({
    root,
    node,
    program: command.program,
    args,
    env: chromium === null ? {} : { SWORN_CHROMIUM: chromium },
  });
}

process.exitCode = await main(process.argv.slice(2));
