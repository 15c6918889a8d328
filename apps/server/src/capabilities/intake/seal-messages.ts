import { SEAL_CHUNK_LENGTH, SEAL_HEADER_LENGTH, SEALED_CHUNK_LENGTH } from "@sworn/core";
import type { PlainFacts } from "./seal-stream.ts";

/** Plain bytes handed to a thread at a time: a message costs little against it, and a waiting connection holds no more. */
export const THREAD_STEP = 256 * 1024;
/** What a step may become: the header goes in front of the first one. */
export const SEALED_STEP = SEAL_HEADER_LENGTH + (THREAD_STEP / SEAL_CHUNK_LENGTH + 1) * SEALED_CHUNK_LENGTH;

/**
 * One step's memory, shared by both sides and used again and again: nothing is copied between them and nothing is left
 * for the garbage collector, which had cost as much as the hashing. Who may touch it goes with the messages.
 */
export interface Slot {
  readonly index: number;
  readonly plain: Uint8Array<SharedArrayBuffer>;
  readonly sealed: Uint8Array<SharedArrayBuffer>;
}

export type ToThread =
  | { kind: "slot"; slot: Slot }
  | { kind: "open"; id: number; key: Uint8Array; salt: Uint8Array; context: Uint8Array }
  | { kind: "step"; id: number; slot: number; length: number }
  | { kind: "close"; id: number }
  | { kind: "abort"; id: number };

export type FromThread =
  /** Sealed bytes are [start, end) of the slot's `sealed`. */
  | { kind: "sealed"; id: number; slot: number; start: number; end: number }
  | { kind: "done"; id: number; tail: Uint8Array[]; facts: PlainFacts }
  | { kind: "failed"; id: number; message: string }
  /** Nothing of this span is touched any more: its slots are free. */
  | { kind: "aborted"; id: number };
