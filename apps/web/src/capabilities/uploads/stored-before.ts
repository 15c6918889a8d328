import { SwornError } from "@sworn/sdk";
import { sworn } from "../../app/server.ts";
// Not through the index: the whole custody strip would come with the upload screen.
import { hashInWorker } from "../custody/hash-in-worker.ts";

/** What this browser brought in, so that the same file is not sent twice in silence. */
interface StoredBefore {
  readonly fingerprint: string;
  readonly evidenceId: string;
}

const key = "sworn.stored.v1";
const most = 500;

export function rememberStored(fingerprint: string, evidenceId: string): void {
  const others = read().filter((one) => one.fingerprint !== fingerprint);
  try {
    localStorage.setItem(key, JSON.stringify([...others, { fingerprint, evidenceId }].slice(-most)));
  } catch {
    // Storage may be forbidden or full: then the server alone tells, after the file was sent.
  }
}

/**
 * The item that holds exactly these bytes, or null. The fingerprint only says where to look: the whole file is hashed
 * here and compared with what the server shows, for nothing less may keep footage from being sent.
 */
export async function findStoredBefore(
  file: File,
  fingerprint: string,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<string | null> {
  const before = read().find((one) => one.fingerprint === fingerprint);
  if (before === undefined) return null;
  const sha256 = await hashHeld(before.evidenceId, file.size, signal);
  if (sha256 === null) return null;
  const own = await hashInWorker(file, signal, onProgress);
  return own.kind === "hashed" && own.sha256 === sha256 ? before.evidenceId : null;
}

async function hashHeld(id: string, size: number, signal: AbortSignal): Promise<string | null> {
  try {
    const item = await sworn.evidence.get(id, signal);
    return item.state === "stored" && item.size === size ? item.sha256 : null;
  } catch (error) {
    // Not there, or not this person's to see: then it is sent, and the server decides.
    if (error instanceof SwornError && error.code !== "cancelled") return null;
    throw error;
  }
}

function read(): readonly StoredBefore[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(parsed) ? parsed.filter(isStoredBefore) : [];
  } catch {
    return [];
  }
}

function isStoredBefore(value: unknown): value is StoredBefore {
  if (typeof value !== "object" || value === null) return false;
  const { fingerprint, evidenceId } = value as Record<string, unknown>;
  return typeof fingerprint === "string" && typeof evidenceId === "string";
}
