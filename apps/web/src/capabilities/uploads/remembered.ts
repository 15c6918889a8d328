/** What this browser keeps of an upload until it is stored, so that it can go on after a reload. */
export interface Remembered {
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly modified: number;
  readonly fingerprint: string;
}

const key = "sworn.uploads.v1";

export function readRemembered(): readonly Remembered[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(parsed) ? parsed.filter(isRemembered) : [];
  } catch {
    // Storage may be forbidden or hold something else: then an interrupted upload begins anew, and nothing is lost.
    return [];
  }
}

export function remember(upload: Remembered): void {
  write([...readRemembered().filter((other) => other.url !== upload.url), upload]);
}

export function forget(url: string): void {
  write(readRemembered().filter((other) => other.url !== url));
}

function write(uploads: readonly Remembered[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(uploads));
  } catch {
    // As above.
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== "object" || value === null) return false;
  const { url, name, size, modified, fingerprint } = value as Record<string, unknown>;
  return (
    [url, name, fingerprint].every((text) => typeof text === "string") &&
    [size, modified].every((n) => typeof n === "number")
  );
}
