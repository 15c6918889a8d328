import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareDataHome } from "../../../apps/server/src/adapters/data-home/index.ts";

/**
 * A folder for a test, with an empty data home in it. Its database waits for no disk: what survives a loss of power is
 * for tests/fault to say, and beside other tests a wait for the disk is seconds.
 */
export async function makeHome(): Promise<{ readonly folder: string; readonly home: string }> {
  const folder = await mkdtemp(join(tmpdir(), "sworn-e2e-"));
  await chmod(folder, 0o711); // the database runs as another user when we are root
  const home = join(folder, "home");
  prepareDataHome(home);
  await mkdir(join(home, "pg", "etc"), { recursive: true });
  await writeFile(join(home, "pg", "etc", "custom.conf"), "fsync = off\nfull_page_writes = off\n");
  return { folder, home };
}
