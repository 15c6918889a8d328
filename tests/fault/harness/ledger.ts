import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** What a server told a client, and cannot take back. Positions are exclusive ends in bytes. */
export type Acknowledgement =
  | { readonly kind: "upload-created"; readonly upload: string; readonly label: string; readonly size: number }
  | { readonly kind: "offset"; readonly upload: string; readonly offset: number }
  | { readonly kind: "upload-stored"; readonly upload: string; readonly evidenceId: string }
  | { readonly kind: "recording-opened"; readonly recording: string; readonly label: string; readonly camera: number }
  /** `n` -1: the init segment. */
  | { readonly kind: "fragment"; readonly recording: string; readonly take: number; readonly n: number }
  | { readonly kind: "recording-closed"; readonly recording: string }
  | { readonly kind: "fragments-stored"; readonly recording: string; readonly take: number; readonly count: number };

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
