import type { PlainFacts } from "./seal-stream.ts";

/** Plain bytes per message: small enough not to wait long for, large enough that the message costs nothing. */
export const STEP = 1 << 20;

export type ToThread =
  | { kind: "open"; id: number; key: Uint8Array; salt: Uint8Array; context: Uint8Array }
  | { kind: "step"; id: number; buffer: ArrayBuffer; length: number }
  | { kind: "close"; id: number }
  | { kind: "abort"; id: number }
  /** A buffer whose sealed bytes were written: to be filled again. */
  | { kind: "spare"; buffer: ArrayBuffer };

export type FromThread =
  | { kind: "sealed"; id: number; sealed: ArrayBuffer[]; plain: ArrayBuffer }
  | { kind: "done"; id: number; sealed: ArrayBuffer[]; facts: PlainFacts }
  | { kind: "failed"; id: number; message: string };
