import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { SpoolError } from "../../ports/spool.ts";
import { isSystemError } from "./blob-store-files.ts";

const NODE_NAME = /^[0-9a-f-]{36}$/;

/**
 * The name of the node a spool folder belongs to, made at first use and kept in the folder itself: rows name it, so it
 * moves with the bytes and not with the machine.
 */
export async function readNodeName(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "node");
  const known = await readFile(path, "utf8").catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return null;
    throw error;
  });
  if (known !== null) {
    if (NODE_NAME.test(known.trim())) return known.trim();
    // A new name would make everything that lies here another node's, and nobody would ever roll it.
    throw new SpoolError("damaged", `${path} does not hold the name of this spool. Restore it from a backup.`);
  }
  const name = randomUUID();
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(`${name}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const names = await open(folder, "r");
  try {
    await names.sync();
  } finally {
    await names.close();
  }
  return name;
}
