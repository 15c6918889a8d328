import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** What a server told a client, and cannot take back. Positions are exclusive ends in bytes; `upload` is its path. */
export type Acknowledgement =
  | { readonly kind: "upload-created"; readonly upload: string; readonly label: string; readonly size: number }
  | { readonly kind: "offset"; readonly upload: string; readonly offset: number }
  | { readonly kind: "upload-stored"; readonly upload: string; readonly evidenceId: string }
  | { readonly kind: "recording-opened"; readonly recording: string; readonly label: string; readonly camera: number }
  /** `n` -1: the init segment. */
  | { readonly kind: "fragment"; readonly recording: string; readonly take: number; readonly n: number }
  | { readonly kind: "recording-closed"; readonly recording: string };

/**
 * The client's own file of acknowledgements. `record` returns after fdatasync, and the client does nothing before it
 * has returned: so what stands here was promised, whatever is killed afterwards, the client included.
 */
export class Ledger {
  readonly path: string;
  readonly #file: number;
  #count = 0;
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, "a", 0o600);
  }
  get count(): number {
    return this.#count;
  }
  record(acknowledgement: Acknowledgement): void {
    writeSync(this.#file, `${JSON.stringify(acknowledgement)}\n`);
    fdatasyncSync(this.#file);
    this.#count += 1;
  }
  /** From the disk, never from memory. A last line that was cut short was not recorded. */
  read(): Acknowledgement[] {
    const lines = readFileSync(this.path, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Acknowledgement);
  }
  close(): void {
    closeSync(this.#file);
  }
}

export interface UploadPromise {
  readonly label: string;
  readonly size: number;
  /** Bytes that were acknowledged. */
  offset: number;
  evidenceId: string | null;
}
export interface RecordingPromise {
  readonly label: string;
  /** Which of the rig's cameras opened it. */
  readonly camera: number;
  /** Fragments 0 to this, exclusive, were acknowledged. */
  fragments: number;
  closed: boolean;
}

/** What a list of acknowledgements adds up to, by upload address and by recording id. */
export function gatherPromises(acknowledgements: readonly Acknowledgement[]): {
  uploads: Map<string, UploadPromise>;
  recordings: Map<string, RecordingPromise>;
} {
  const uploads = new Map<string, UploadPromise>();
  const recordings = new Map<string, RecordingPromise>();
  for (const entry of acknowledgements) {
    const upload = "upload" in entry ? uploads.get(entry.upload) : undefined;
    const recording = "recording" in entry ? recordings.get(entry.recording) : undefined;
    if (entry.kind === "upload-created")
      uploads.set(entry.upload, { label: entry.label, size: entry.size, offset: 0, evidenceId: null });
    else if (entry.kind === "recording-opened")
      recordings.set(entry.recording, { label: entry.label, camera: entry.camera, fragments: 0, closed: false });
    else if (entry.kind === "offset" && upload !== undefined) upload.offset = Math.max(upload.offset, entry.offset);
    else if (entry.kind === "upload-stored" && upload !== undefined) upload.evidenceId = entry.evidenceId;
    else if (entry.kind === "fragment" && recording !== undefined)
      recording.fragments = Math.max(recording.fragments, entry.n + 1);
    else if (entry.kind === "recording-closed" && recording !== undefined) recording.closed = true;
  }
  return { uploads, recordings };
}
