import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where this installation keeps everything: SWORN_HOME, else as root /var/lib/sworn, else
 * $XDG_DATA_HOME/sworn or ~/.local/share/sworn. Always absolute; nothing is created.
 */
export function resolveDataHome(env: Environment, uid: number | undefined = process.getuid?.()): string {
  const chosen = env["SWORN_HOME"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  if (uid === 0) return "/var/lib/sworn";
  const xdg = env["XDG_DATA_HOME"];
  // The XDG specification says that a relative value is to be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "sworn");
  const home = env["HOME"];
  return join(home !== undefined && isAbsolute(home) ? home : homedir(), ".local/share/sworn");
}
