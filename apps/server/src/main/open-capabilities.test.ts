import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { prepareDataHome } from "../adapters/data-home/index.ts";
import { readConfig } from "./config.ts";
import { serve } from "./serve.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sworn-start-"));
  await chmod(folder, 0o711); // the database runs as another user when we are root
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("leaves nothing running of a start that failed half-way", async () => {
  const home = join(folder, "home");
  prepareDataHome(home);
  await writeFile(join(home, "scratch"), "a file where a folder must be: the last part that is opened");
  const lines: string[] = [];
  const note = (_: object, message: string): void => void lines.push(message);
  const log = { info: () => undefined, warn: note, error: note };
  const config = readConfig({ SWORN_HOME: home, PORT: "0" }, []);
  await expect(serve(config, log)).rejects.toThrow(/scratch/);
  const before = lines.length;
  // Whatever still looked for work every two seconds would by now have missed its database.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  expect(lines.slice(before)).toEqual([]);
}, 60_000);

it("names a proxy list that cannot be used", () => {
  const read = (list: string): unknown => readConfig({ SWORN_HOME: folder, SWORN_TRUSTED_PROXY: list }, []);
  expect(() => read("10.0.0.0/99")).toThrow(expect.objectContaining({ code: "config-unusable" }));
  expect(read("10.0.0.0/8, ::1")).toBeDefined();
});
