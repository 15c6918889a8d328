import { createHash } from "node:crypto";
import { mkdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeDurably } from "../camera/durable-file.ts";
import type { FoundFile } from "./list-files.ts";

/** What a run knows about one file; enough for the next run to go on. */
export interface Entry {
  readonly sha256: string;
  /** Where it is or was sent: once stored, what its format is can still be asked there. */
  readonly uploadUrl: string | null;
  readonly evidenceId: string | null;
  readonly state: "sending" | "stored" | "refused";
  readonly why?: string;
}

/** Identity of a file without reading it. Inode numbers are left out: cards with FAT give new ones at every mount. */
const keyOf = (file: FoundFile): string => `${file.name}|${file.size}|${file.mtimeMs}`;

/** The dock's memory, one file per folder and server, in the user's own state folder and never on the card. */
export class Journal {
  readonly path: string;
  readonly #entries: Map<string, Entry>;
  private constructor(path: string, entries: Map<string, Entry>) {
    this.path = path;
    this.#entries = entries;
  }

  static async open(
    folder: string,
    serverUrl: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Journal> {
    const home = join(env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "sworn", "dock");
    await mkdir(home, { recursive: true, mode: 0o700 });
    const name = createHash("sha256").update(`${folder}\0${serverUrl}`).digest("hex").slice(0, 32);
    const path = join(home, `${name}.json`);
    return new Journal(path, await readEntries(path));
  }

  get(file: FoundFile): Entry | undefined {
    return this.#entries.get(keyOf(file));
  }

  /** Durable when it resolves: an upload that is not remembered would be sent a second time from its beginning. */
  async set(file: FoundFile, entry: Entry | null): Promise<void> {
    if (entry === null) this.#entries.delete(keyOf(file));
    else this.#entries.set(keyOf(file), entry);
    await writeDurably(this.path, `${JSON.stringify(Object.fromEntries(this.#entries), null, 1)}\n`);
  }
}

async function readEntries(path: string): Promise<Map<string, Entry>> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, Entry>));
  } catch {
    // Not ours any more. Kept aside; everything is offered again, and the server knows what it holds already.
    await rename(path, `${path}.unreadable`);
    return new Map();
  }
}
