import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Command } from "./command.ts";

/**
 * A command that is an entry point of the server itself. It runs as its own process: the command line imports nothing
 * of the server, and the server nothing of it.
 */
export function serverProgram(file: string, help: string): Command {
  return {
    help,
    run: (args) =>
      new Promise((resolve, reject) => {
        const path = fileURLToPath(new URL(`../../server/src/${file}`, import.meta.url));
        const child = spawn(process.execPath, [path, ...args], { stdio: "inherit" });
        // The terminal tells the whole group; these are for signals sent to us alone.
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
        child.on("error", reject);
        child.on("exit", (code) => resolve(code ?? 1));
      }),
  };
}
