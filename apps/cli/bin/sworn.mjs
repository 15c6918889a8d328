#!/usr/bin/env node
// The `sworn` command, on whatever Node there is from 20 on: runs the command line under the pinned Node.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { findPinnedNode } from "../../../tools/launcher/packages.mjs";
import { runProgram } from "../../../tools/launcher/run.mjs";
import { ensureSystemPackages } from "../../../tools/launcher/system-packages.mjs";
import { ensureWebApps } from "../../../tools/launcher/web-app.mjs";

/** Standard output belongs to the command: `admin create-key` prints the key alone. */
const say = (text) => process.stderr.write(`${text}\n`);

async function main(args) {
  const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  const node = findPinnedNode(root);
  if (node === null) {
    say("Node 24 is not installed. Type: npm install --no-save --include=optional");
    return 2;
  }
  // A server needs what `npm start` needs; every other command starts at once.
  if (args[0] === "serve") {
    if (!(await ensureSystemPackages(["ffmpeg"], say)) || !(await ensureWebApps(root, node, say))) return 1;
  }
  return await runProgram({ root, node, program: "apps/cli/src/main.ts", args });
}

process.exitCode = await main(process.argv.slice(2));
