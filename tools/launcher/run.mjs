// Runs a program under the pinned Node, and sees to it that it never outlives us.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { whenNpmIsGone } from "./npm-watch.mjs";

/** npm passes on the Ctrl-C that the terminal has already sent us: within this time it is the same one. */
const SAME_SIGNAL_MS = 1_500;
/** A program that was asked to stop and has not by then is ended; in milliseconds. */
const GRACE_MS = 30_000;

/**
 * @param node the pinned Node
 * @param program path from `root` of a .ts file
 * @returns the exit code to end with
 */
export function runProgram({ root, node, program, args, env = {} }) {
  const watch = pathToFileURL(join(root, "apps/server/src/adapters/data-home/parent-watch.ts")).href;
  const path = [join(root, "node_modules", ".bin"), dirname(node), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(node, ["--import", watch, join(root, program), ...args], {
    // The pipe at 3 is never written to: it closes when we are gone, kill -9 included.
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, ...env, PATH: path, SWORN_PARENT_FD: "3" },
    // A process group of its own: it hears of Ctrl-C from us, once, instead of from terminal, npm and us.
    detached: true,
  });
  return new Promise((resolve) => {
    let asked = 0;
    const stop = (signal) => {
      if (asked === 0) {
        asked = Date.now();
        child.kill(signal);
        setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS).unref();
      } else if (signal === "SIGINT" && Date.now() - asked > SAME_SIGNAL_MS) {
        signalGroup(child, "SIGKILL"); // a second Ctrl-C: somebody does not want to wait
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));
    whenNpmIsGone(() => stop("SIGTERM"));
    child.on("error", (error) => {
      process.stderr.write(`${node} cannot be run: ${error.message}\n`);
      resolve(127);
    });
    child.on("exit", (code, signal) => {
      signalGroup(child, "SIGTERM"); // what it may have left behind
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // nothing of it is left
  }
}
