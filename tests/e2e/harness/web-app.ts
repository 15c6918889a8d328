import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../tools/demo/server-process.ts";

type EnsureWebApps = (root: string, node: string, say: (line: string) => void) => Promise<boolean>;

/** Builds the web app where it is older than its sources, through the launcher's own function and lock. */
export async function buildWebApp(): Promise<void> {
  // The launcher is plain JavaScript that must run before anything is installed: it has no types.
  const launcher = pathToFileURL(join(root, "tools/launcher/web-app.mjs")).href;
  const { ensureWebApps } = (await import(launcher)) as { ensureWebApps: EnsureWebApps };
  const built = await ensureWebApps(root, process.execPath, (line) => console.log(line));
  if (!built) throw new Error("The web app could not be built, see above.");
}
