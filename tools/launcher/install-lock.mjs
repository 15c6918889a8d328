// Two starts at once must not install or build into the same folders.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs `work` while holding a lock of the checkout. The kernel releases it with our process, so a killed
 * installation blocks nobody. Where flock(1) is missing the work is done all the same.
 */
export async function withInstallLock(root, say, work) {
  const folder = join(root, ".sworn"); // not in node_modules, which npm may replace
  mkdirSync(folder, { recursive: true });
  const fd = openSync(join(folder, "install.lock"), "a");
  try {
    if ((await flock(fd, ["-n"])) === 1) {
      say("Another start is installing; waiting for it.");
      await flock(fd, []);
    }
    return await work();
  } finally {
    closeSync(fd);
  }
}

/** flock(1) locks the descriptor it inherits, which stays ours when it ends. Exit code 1: held by another. */
function flock(fd, options) {
  return new Promise((resolve) => {
    const child = spawn("flock", ["-x", ...options, "3"], { stdio: ["ignore", "ignore", "ignore", fd] });
    child.on("error", () => resolve(null));
    child.on("exit", resolve);
  });
}
