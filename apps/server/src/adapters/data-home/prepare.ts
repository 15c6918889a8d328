import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { DataHomeError } from "./data-home-error.ts";

export interface DataHome {
  /** Absolute path. */
  readonly path: string;
  /** Keys and generated passwords; 0700. */
  readonly secrets: string;
}

const MARKER = "sworn-data-home";

/** For a command that only looks: it must not make what is not there and then find nothing wrong with it. */
export const isDataHome = (path: string): boolean => existsSync(join(path, MARKER));

/**
 * Creates the data home, or checks the one that is there, and sets its modes: closed to others; as root
 * passable but not listable (0711), because the database runs as a system user that must get through.
 */
export function prepareDataHome(path: string, uid: number | undefined = process.getuid?.()): DataHome {
  try {
    mkdirSync(path, { recursive: true });
    refuseForeignFolder(path);
    chmodSync(path, uid === 0 ? 0o711 : 0o700);
    const secrets = join(path, "secrets");
    mkdirSync(secrets, { recursive: true, mode: 0o700 });
    chmodSync(secrets, 0o700);
    const marker = join(path, MARKER);
    if (!existsSync(marker)) {
      writeFileSync(marker, "Everything that this installation of Sworn keeps. Back it up as a whole.\n");
    }
    return { path, secrets };
  } catch (error) {
    if (error instanceof DataHomeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataHomeError("data-home-denied", `The data home ${path} cannot be used: ${why}`);
  }
}

/** SWORN_HOME=/srv or =/tmp would otherwise have its modes changed under everything else in there. */
function refuseForeignFolder(path: string): void {
  const entries = readdirSync(path).filter((name) => name !== "lost+found");
  const shared = (statSync(path).mode & 0o1000) !== 0;
  if (!shared && (entries.length === 0 || entries.includes(MARKER))) return;
  throw new DataHomeError(
    "not-a-data-home",
    `${path} holds other things and is no data home of Sworn. Name an empty or a new folder in SWORN_HOME.`,
  );
}
