import { accessSync, constants, realpathSync } from "node:fs";
import { join } from "node:path";

const folders = ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin", "/sbin"];

/** Absolute path of a system tool, or null. Fixed folders first: PATH belongs to whoever started the server. */
export function findTool(name: string, path: string = ""): string | null {
  for (const folder of [...folders, ...path.split(":").filter((entry) => entry.startsWith("/"))]) {
    try {
      const file = join(folder, name);
      accessSync(file, constants.X_OK);
      return realpathSync(file);
    } catch {
      continue;
    }
  }
  return null;
}
