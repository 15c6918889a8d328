import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../../tools/demo/server-process.ts";

/** Where pictures go: `SWORN_SCREENS=1` renews those in docs/screens, a path names another folder; else none are taken. */
const wanted = process.env["SWORN_SCREENS"];
const folder = wanted === undefined || wanted === "" ? null : wanted === "1" ? join(root, "docs/screens") : wanted;
export const shoots = folder !== null;

/** Keeps a picture of the page in at most 256 colours: small enough for a repository, and text stays sharp. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (folder === null) return;
  const whole = join(folder, `${name}.whole.png`);
  await page.screenshot({ path: whole, animations: "disabled", caret: "hide" });
  const palette = "split[a][b];[a]palettegen=max_colors=192:stats_mode=full[p];[b][p]paletteuse=dither=none";
  const file = join(folder, `${name}.png`);
  const args = ["-i", whole, "-vf", palette, "-frames:v", "1", "-compression_level", "100", "-pred", "mixed", file];
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args]);
  rmSync(whole);
}
