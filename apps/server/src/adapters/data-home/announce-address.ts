import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Only the running server knows where it is reached: its port may come from a command line or from the system.
const FILE = "address.json";

/** Leaves the server's address in the data home for commands beside it; returns how to take it away again. */
export function announceAddress(home: string, url: string): () => Promise<void> {
  const path = join(home, FILE);
  writeFileSync(path, JSON.stringify({ url, pid: process.pid }), { mode: 0o600 });
  return () => {
    if (announcedAddress(home) === url) rmSync(path, { force: true });
    return Promise.resolve();
  };
}

/** Where the server of this data home is reached now; null where none runs. What a killed one left does not count. */
export function announcedAddress(home: string): string | null {
  try {
    const { url, pid } = JSON.parse(readFileSync(join(home, FILE), "utf8")) as { url: unknown; pid: unknown };
    if (typeof url !== "string" || !URL.canParse(url) || typeof pid !== "number") return null;
    process.kill(pid, 0);
    return url;
  } catch {
    return null;
  }
}
