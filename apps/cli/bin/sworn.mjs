#!/usr/bin/env node
// The `sworn` command, on whatever Node there is from 20 on: runs the command line under the pinned Node.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { findPinnedNode } from "../../../tools/launcher/packages.mjs";
import { runProgram } from "../../../tools/launcher/run.mjs";

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const node = findPinnedNode(root);
if (node === null) {
  process.stderr.write("Node 24 is not installed. Type: npm install --no-save --include=optional\n");
  process.exitCode = 2;
} else {
  process.exitCode = await runProgram({ root, node, program: "apps/cli/src/main.ts", args: process.argv.slice(2) });
}
