import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../command.ts";

/** One camera process per spool: two would send the same fragments under two minds. A dead one's lock is taken over. */
export async function lockSpool(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "camera.lock");
  for (let tries = 0; tries < 2; tries++) {
    const file = await open(path, "wx", 0o600).catch(() => null);
    if (file !== null) {
      await file.writeFile(String(process.pid));
      await file.close();
      return async () => await rm(path, { force: true });
    }
    const owner = Number(await readFile(path, "utf8").catch(() => "0"));
    if (owner > 0 && isAlive(owner)) break;
    await rm(path, { force: true });
  }
  throw new UsageError(
    `Another camera (process ${await readFile(path, "utf8").catch(() => "?")}) uses the spool ${folder}.`,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
