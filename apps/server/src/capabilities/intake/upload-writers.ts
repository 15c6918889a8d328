import { Problem } from "@sworn/contract";

/** What a running PATCH lets others know and do. */
export interface Writing {
  silentFor(): number;
  /** Ends the body; what arrived is sealed and counted as usual. */
  stop(): void;
}

export interface UploadWriters {
  /**
   * Runs the one writer of an upload in this process. An older one that has been silent is ended first (its client
   * lost the connection without us noticing, and is now back); one that still sends keeps the upload (`upload-locked`).
   * Other processes are kept apart by the offset: a span is counted only where it continues `received` exactly.
   */
  write<T>(uploadId: string, work: (announce: (writing: Writing) => void) => Promise<T>): Promise<T>;
  /** Ends a silent writer, so that HEAD answers with everything that arrived. A sending one is left alone. */
  settleSilent(uploadId: string): Promise<void>;
  /** Ends whoever writes, silent or not. */
  end(uploadId: string): Promise<void>;
}

interface Entry {
  writing: Writing | null;
  readonly done: Promise<unknown>;
}

/** After this long without a byte, while we wait for one, a second connection may take over. */
const SILENT_MS = 2000;

export function makeUploadWriters(silentMs = SILENT_MS): UploadWriters {
  const entries = new Map<string, Entry>();

  async function settleSilent(uploadId: string): Promise<void> {
    const entry = entries.get(uploadId);
    if (entry?.writing == null || entry.writing.silentFor() < silentMs) return;
    entry.writing.stop();
    await entry.done;
  }

  async function end(uploadId: string): Promise<void> {
    for (let entry = entries.get(uploadId); entry !== undefined; entry = entries.get(uploadId)) {
      entry.writing?.stop();
      await entry.done;
    }
  }

  async function write<T>(uploadId: string, work: (announce: (writing: Writing) => void) => Promise<T>): Promise<T> {
    await settleSilent(uploadId);
    if (entries.has(uploadId)) throw new Problem("upload-locked");
    let finished = (): void => undefined;
    const entry: Entry = { writing: null, done: new Promise<void>((resolve) => (finished = resolve)) };
    entries.set(uploadId, entry);
    try {
      return await work((writing) => (entry.writing = writing));
    } finally {
      entries.delete(uploadId);
      finished();
    }
  }

  return { write, settleSilent, end };
}
