// npm packages and the pinned Node that comes with them.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withInstallLock } from "./install-lock.mjs";

const PINNED_MAJOR = 24;

/**
 * Exactly what the lock file says, which is not written to. Not `npm ci`: that removes the packages below a
 * server that is running from here, and it refuses a lock file that lacks optional packages for other
 * machines (a registry that mirrors only some of them makes such a file) even where this machine needs none.
 */
const OPTIONS = ["install", "--no-save", "--include=optional", "--include=dev", "--no-audit", "--no-fund"];

/**
 * Only errors are shown. Packages that want Node 24 are warned about (EBADENGINE) on the Node 20 that installs them and
 * run on the Node 24 that comes with them: a page of warnings about nothing hides the one line that matters.
 */
const QUIET = "--loglevel=error";

/** Makes node_modules match package-lock.json; a stamp makes the second time cost a few milliseconds. */
export async function ensurePackages(root, say) {
  if (stampMatches(root)) return true;
  return await withInstallLock(root, say, async () => {
    if (stampMatches(root)) return true; // another start did it while we waited
    // After an installation by hand everything may be right but for the stamp.
    if (!alreadyInstalled(root)) {
      say("Installing npm packages; this is needed once and takes a minute or two.");
      const started = Date.now();
      if ((await npmInstall(root)) !== 0) {
        say(`npm has failed, see above. Type: npm ${OPTIONS.join(" ")}`);
        return false;
      }
      say(`npm packages are installed (${Math.round((Date.now() - started) / 1000)} s).`);
    }
    writeFileSync(stampFile(root), lockHash(root));
    return true;
  });
}

/** Path of a Node that the code is written for: ours when it is new enough, else the one npm brought. */
export function findPinnedNode(root) {
  if (Number(process.versions.node.split(".")[0]) >= PINNED_MAJOR) return process.execPath;
  const node = join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node");
  return existsSync(node) ? node : null;
}

function stampFile(root) {
  return join(root, "node_modules", ".sworn-stamp");
}

function lockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function stampMatches(root) {
  try {
    return readFileSync(stampFile(root), "utf8") === lockHash(root);
  } catch {
    return false;
  }
}

/** Whether npm's own record of node_modules has every package of the lock file, in its version. */
function alreadyInstalled(root) {
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(root, "node_modules", ".package-lock.json"), "utf8")).packages;
  } catch {
    return false;
  }
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true; // this project's own workspaces
    const there = installed[path];
    if (there === undefined) return entry.optional === true && !fitsThisMachine(entry);
    return there.version === entry.version && there.integrity === entry.integrity && existsSync(join(root, path));
  });
}

function fitsThisMachine({ os, cpu, libc }) {
  const fits = (list, value) => list === undefined || list.includes(value);
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, "glibc");
}

function npmInstall(root) {
  // The npm that started us, where one did: the PATH may hold another, or none.
  const npm = process.env.npm_execpath?.endsWith("npm-cli.js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const [file, ...args] = [...npm, ...OPTIONS, QUIET];
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", 2, 2] });
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
