import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openKeyRing } from "./adapters/keys/index.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "sworn-admin-"))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const program = join(import.meta.dirname, "admin.ts");
const restore = async (sheet: string): Promise<{ stdout: string }> =>
  await promisify(execFile)(process.execPath, [program, "restore-keys", "--sheet", sheet], {
    env: { ...process.env, SWORN_HOME: join(folder, "home") },
  });

test("the recovery sheet brings both keys back into an empty data home, and never over keys that are there", async () => {
  const lost = openKeyRing({ folder: join(folder, "lost") }, "log.example.org/sworn");
  const wrapped = await lost.wrap(new Uint8Array(32).fill(7), "an item");
  const sheet = join(folder, "sheet.txt");
  await writeFile(sheet, lost.recoverySheet(new Date(0)));
  expect((await restore(sheet)).stdout).toBe(`${lost.masterKeyId}\n${lost.logVkey}\n`);
  const back = openKeyRing({ folder: join(folder, "home", "secrets") }, "another.example.org");
  expect(await back.unwrap(wrapped, "an item", lost.masterKeyId)).toEqual(new Uint8Array(32).fill(7));
  expect([back.logVkey, back.logOrigin]).toEqual([lost.logVkey, "log.example.org/sworn"]);
  await expect(restore(sheet)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("holds keys") });
});
