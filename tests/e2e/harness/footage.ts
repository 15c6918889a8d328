import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/demo/server-process.ts";

/** Real footage where somebody put it; it is never part of the project. Null where it is not. */
export function realFootage(name: string): string | null {
  const folder = process.env["SWORN_FOOTAGE"] ?? join(root, "../shared/footage");
  const file = join(folder, name);
  return existsSync(file) ? file : null;
}
