import { unlink } from "node:fs/promises";
import { basename } from "node:path";
import { type Play, playOf, type Sworn, SwornError } from "@sworn/sdk";
import type { Entry, Journal } from "./journal.ts";
import type { FoundFile } from "./list-files.ts";
import type { Progress } from "./progress.ts";
import { hashFile, sourceOf, SourceChanged } from "./read-file.ts";

export interface DockOptions {
  readonly sworn: Sworn;
  readonly journal: Journal;
  readonly progress: Progress;
  readonly deviceId: string | undefined;
  /** Remove the source once it is stored, plays, and its bytes are hashed again and the same. */
  readonly remove: boolean;
  /** How long to wait for the server to say whether a stored file plays, in ms. */
  readonly openMs: number;
  readonly signal: AbortSignal;
}

/** How it went with one file. `again`: not now, but a later look may do better. */
export type Outcome =
  | {
      readonly state: "stored";
      readonly sha256: string;
      readonly held: boolean;
      readonly play: Play;
      readonly removed: boolean;
      readonly note?: string;
    }
  | { readonly state: "refused" | "unreadable"; readonly why: string }
  | { readonly state: "again"; readonly why: string };

/** Refusals of one file; every other one (key, disk, network) would meet the next file just the same. */
const aboutThisFile: ReadonlySet<string> = new Set([
  "file-empty",
  "name-refused",
  "body-too-large",
  "format-unsupported",
]);

/** Brings one file in: hashed here, sent, waited for until it is `stored`, compared. What was begun earlier goes on. */
export async function takeFile(options: DockOptions, file: FoundFile): Promise<Outcome> {
  const { journal } = options;
  try {
    const known = journal.get(file);
    if (known?.state === "refused") return { state: "refused", why: known.why ?? "refused earlier" };
    if (known?.state === "stored") return await finish(options, file, known, true);
    const sha256 = known?.sha256 ?? (await hash(options, file, "hashing"));
    return await send(options, file, known?.uploadUrl ?? null, sha256);
  } catch (error) {
    if (options.signal.aborted) throw error;
    if (error instanceof SourceChanged || (error instanceof SwornError && error.code === "source-changed")) {
      await journal.set(file, null);
      return { state: "again", why: "it changed while it was read" };
    }
    if (error instanceof SwornError && aboutThisFile.has(error.code)) return { state: "refused", why: error.message };
    if (error instanceof SwornError) throw error;
    return { state: "unreadable", why: error instanceof Error ? error.message : String(error) };
  }
}

async function send(options: DockOptions, file: FoundFile, begun: string | null, sha256: string): Promise<Outcome> {
  const { sworn, journal, progress, signal, deviceId } = options;
  const source = sourceOf(file, basename(file.name));
  const facts = { sha256, ...(deviceId === undefined ? {} : { deviceId }) };
  let uploadUrl = begun;
  for (let anew = 0; ; anew++) {
    if (uploadUrl === null) {
      uploadUrl = await sworn.uploads.create(source, facts, signal);
      await journal.set(file, { sha256, uploadUrl, evidenceId: null, state: "sending" });
    }
    try {
      const onProgress = (sent: number): void => progress.at(`sending ${file.name}`, sent);
      await sworn.uploads.send(uploadUrl, source, { signal, onProgress });
      break;
    } catch (error) {
      // The server ended or forgot it while we were away: what it had is not lost there, and we begin anew.
      const gone = error instanceof SwornError && (error.code === "upload-gone" || error.code === "not-found");
      if (!gone || anew > 0) throw error;
      uploadUrl = null;
    }
  }
  const status = await sworn.uploads.settled(uploadUrl, {
    signal,
    onStatus: ({ state, checked }) => state === "sealing" && progress.at(`checking ${file.name}`, checked),
  });
  if (status.state !== "stored") {
    const why = status.detail ?? status.code ?? `the server answered ${status.state}`;
    // A format stays what it is; bytes that arrived or lie there otherwise than they left, or an upload that ended, are
    // sent anew.
    const final = status.state === "refused" && status.code === "format-unsupported";
    await journal.set(file, final ? { sha256, uploadUrl, evidenceId: status.evidenceId, state: "refused", why } : null);
    return { state: "refused", why };
  }
  const entry: Entry = { sha256, uploadUrl, evidenceId: status.evidenceId, state: "stored" };
  const differs = await serverDiffers(sworn, status.evidenceId, sha256);
  if (differs !== null) return { state: "refused", why: differs };
  await journal.set(file, entry);
  return await finish(options, file, entry, status.alreadyHeld);
}

/**
 * The server compared the whole file with our declared hash before it said `stored`. Who may also see the item asks for
 * the hash it shows; a camera's key may not, and then the server's word on the declared hash is what there is.
 */
async function serverDiffers(sworn: Sworn, evidenceId: string | null, sha256: string): Promise<string | null> {
  if (evidenceId === null) return "the server does not say which item it became";
  try {
    const item = await sworn.evidence.get(evidenceId);
    return item.sha256 === sha256
      ? null
      : `the server shows another hash (${item.sha256 ?? "none"}); the source is kept`;
  } catch (error) {
    if (error instanceof SwornError && (error.code === "not-allowed" || error.code === "not-found")) return null;
    throw error;
  }
}

/** The only place that removes anything: after `stored`, when it plays, and after reading the source once more. */
async function finish(options: DockOptions, file: FoundFile, entry: Entry, held: boolean): Promise<Outcome> {
  const { play, why } = await askPlay(options, file, entry);
  const stored = { state: "stored", sha256: entry.sha256, held, play } as const;
  const note = playNote(play, why, options.remove);
  if (!options.remove || play !== "plays") return { ...stored, removed: false, ...note };
  const again = await hash(options, file, "reading once more");
  if (again !== entry.sha256) return { ...stored, removed: false, note: "its bytes changed since: the source is kept" };
  await unlink(file.path);
  return { ...stored, removed: true };
}

/** Stored is stored, whatever comes of this: what cannot be told counts as not known, and the source stays. */
async function askPlay(options: DockOptions, file: FoundFile, entry: Entry): Promise<{ play: Play; why: string }> {
  const { sworn, progress, signal, openMs } = options;
  if (entry.uploadUrl === null) return { play: "not-known", why: "" };
  progress.at(`opening ${file.name}`, file.size);
  try {
    const status = await sworn.uploads.formatRead(entry.uploadUrl, { signal, patienceMs: openMs });
    return { play: playOf(status), why: status.media?.detail ?? "" };
  } catch (error) {
    if (signal.aborted || !(error instanceof SwornError)) throw error;
    return { play: "not-known", why: "" };
  }
}

function playNote(play: Play, why: string, remove: boolean): { note?: string } {
  const notes: Readonly<Record<Play, string | undefined>> = {
    plays: undefined,
    "ends-early": `plays only in part: ${why} Keep your copy, it may be the better one; the bytes are kept unchanged`,
    "cannot-be-played": `cannot be played: ${why} Keep your copy, it may be the better one; the bytes are kept unchanged`,
    "not-known": remove ? "not known yet whether it plays: the source is kept" : "not known yet whether it plays",
  };
  const note = notes[play];
  return note === undefined ? {} : { note };
}

function hash(options: DockOptions, file: FoundFile, doing: string): Promise<string> {
  return hashFile(file, (bytes) => options.progress.at(`${doing} ${file.name}`, bytes), options.signal);
}
