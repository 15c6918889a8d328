// The browser apps are built when their sources have changed since the last build.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withInstallLock } from "./install-lock.mjs";

const APPS = ["apps/web", "apps/camera"];
const SHARED = ["packages/contract", "packages/core", "packages/verify", "packages/sdk"];
const LEFT_OUT = new Set(["node_modules", "dist"]);

export async function ensureWebApps(root, node, say) {
  for (const app of APPS) {
    if (!existsSync(join(root, app, "vite.config.ts"))) continue;
    const isCurrent = () => readStamp(root, app) === sourcesHash(root, app);
    if (isCurrent()) continue;
    const built = await withInstallLock(root, say, async () => isCurrent() || (await build(root, node, app, say)));
    if (!built) return false;
  }
  return true;
}

async function build(root, node, app, say) {
  say(`Building ${app}.`);
  const before = sourcesHash(root, app); // sources that change while building are built again next time
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const code = await new Promise((resolve) => {
    const env = { ...process.env, NODE_ENV: "production" };
    const child = spawn(node, [vite, "build", "--logLevel", "warn"], {
      cwd: join(root, app),
      env,
      stdio: ["ignore", 2, 2],
    });
    child.on("error", () => resolve(127));
    child.on("exit", (status) => resolve(status ?? 1));
  });
  if (code !== 0) {
    say(`Building ${app} has failed, see above.`);
    return false;
  }
  writeFileSync(stampFile(root, app), before);
  return true;
}

function stampFile(root, app) {
  return join(root, app, "dist", ".sworn-stamp");
}

function readStamp(root, app) {
  try {
    return readFileSync(stampFile(root, app), "utf8");
  } catch {
    return null;
  }
}

/** By content, not by time: a checkout of another branch and back builds nothing. */
function sourcesHash(root, app) {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  for (const folder of [app, ...SHARED]) addFolder(hash, join(root, folder));
  return hash.digest("hex");
}

function addFolder(hash, folder) {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory()) addFolder(hash, path);
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) hash.update(`${path}\0`).update(readFileSync(path));
  }
}
