import { createHash, type Hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { createSealer, type Sealer, SEAL_HEADER_LENGTH } from "@sworn/core";
import { nodeSealCrypto } from "@sworn/core/node";
import type { FromThread, Slot, ToThread } from "./seal-messages.ts";

// A thread that seals and hashes for the server, so that neither holds up its event loop. It keeps no state beyond the
// spans under way, reads no file and knows no evidence; keys live here only while their span does.

interface Work {
  readonly sealer: Sealer;
  readonly hash: Hash;
  readonly sealedHash: Hash;
  crc: number;
  size: number;
}

const works = new Map<number, Work>();
const slots = new Map<number, Slot>();
/** Where the step at hand is sealed to; room for the header stays free in front. */
let target: Slot | null = null;
const port = parentPort;
if (port === null) throw new Error("seal-thread.ts runs as a worker thread");

const crypto = {
  ...nodeSealCrypto,
  allocate: (length: number): Uint8Array =>
    target?.sealed.subarray(SEAL_HEADER_LENGTH, SEAL_HEADER_LENGTH + length) ?? nodeSealCrypto.allocate(length),
};

function answer(message: FromThread): void {
  port?.postMessage(message);
}

function sealStep(id: number, work: Work, slot: Slot, length: number): void {
  const plain = slot.plain.subarray(0, length);
  work.hash.update(plain);
  work.crc = crc32(plain, work.crc);
  work.size += length;
  target = slot;
  const parts = work.sealer.update(plain);
  target = null;
  let start = SEAL_HEADER_LENGTH;
  let end = SEAL_HEADER_LENGTH;
  for (const part of parts) {
    if (part.buffer === slot.sealed.buffer) end += part.length;
    else {
      // The header, once per span: it goes into the room in front.
      start -= part.length;
      slot.sealed.set(part, start);
    }
  }
  work.sealedHash.update(slot.sealed.subarray(start, end));
  answer({ kind: "sealed", id, slot: slot.index, start, end });
}

function handle(message: ToThread): void {
  if (message.kind === "slot") return void slots.set(message.slot.index, message.slot);
  const { id } = message;
  if (message.kind === "open") {
    const { key, salt, context } = message;
    works.set(id, {
      sealer: createSealer({ key, salt, context, crypto }),
      hash: createHash("sha256"),
      sealedHash: createHash("sha256"),
      crc: 0,
      size: 0,
    });
    return;
  }
  if (message.kind === "abort") {
    works.delete(id);
    return answer({ kind: "aborted", id });
  }
  const work = works.get(id);
  if (message.kind === "step") {
    const slot = slots.get(message.slot);
    if (work === undefined || slot === undefined) throw new Error("a step without its span or its memory");
    return sealStep(id, work, slot, message.length);
  }
  works.delete(id);
  if (work === undefined) return;
  const tail = work.sealer.final();
  for (const part of tail) work.sealedHash.update(part);
  const sha256 = new Uint8Array(work.hash.digest());
  const sealedSha256 = new Uint8Array(work.sealedHash.digest());
  answer({ kind: "done", id, tail, facts: { size: work.size, sha256, crc32: work.crc, sealedSha256 } });
}

port.on("message", (message: ToThread) => {
  try {
    handle(message);
  } catch (error) {
    if (message.kind === "slot") throw error;
    works.delete(message.id);
    answer({ kind: "failed", id: message.id, message: error instanceof Error ? error.message : String(error) });
  }
});
