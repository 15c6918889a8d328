import { createHash, type Hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { createSealer, type Sealer, SEALED_CHUNK_LENGTH } from "@sworn/core";
import { nodeSealCrypto } from "@sworn/core/node";
import { type FromThread, STEP, type ToThread } from "./seal-messages.ts";

// A thread that seals and hashes for the server, so that neither holds up its event loop. It keeps no state beyond the
// spans under way, reads no file and knows no evidence; keys live here only while their span does.

interface Work {
  readonly sealer: Sealer;
  readonly hash: Hash;
  crc: number;
  size: number;
}

/** Sealed bytes of one whole step: buffers of this length travel to the server and come back to be filled again. */
const SEALED_STEP = (STEP / (16 * 1024)) * SEALED_CHUNK_LENGTH;
const spare: ArrayBuffer[] = [];
const MAX_SPARE = 32;
const works = new Map<number, Work>();
const port = parentPort;
if (port === null) throw new Error("seal-thread.ts runs as a worker thread");

const crypto = {
  ...nodeSealCrypto,
  allocate: (length: number): Uint8Array => {
    const again = length === SEALED_STEP ? spare.pop() : undefined;
    return again === undefined ? nodeSealCrypto.allocate(length) : new Uint8Array(again);
  },
};

function answer(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

/** Where the whole buffer is ours to give away; a view of a larger one is copied. */
function own(part: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = part;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : part.slice().buffer;
}

function handle(message: ToThread): void {
  if (message.kind === "spare") {
    if (spare.length < MAX_SPARE && message.buffer.byteLength === SEALED_STEP) spare.push(message.buffer);
    return;
  }
  const { id } = message;
  if (message.kind === "open") {
    const { key, salt, context } = message;
    works.set(id, {
      sealer: createSealer({ key, salt, context, crypto }),
      hash: createHash("sha256"),
      crc: 0,
      size: 0,
    });
    return;
  }
  const work = works.get(id);
  if (work === undefined) return; // given up meanwhile
  if (message.kind === "abort") {
    works.delete(id);
    return;
  }
  if (message.kind === "step") {
    const plain = new Uint8Array(message.buffer, 0, message.length);
    work.hash.update(plain);
    work.crc = crc32(plain, work.crc);
    work.size += plain.length;
    const sealed = work.sealer.update(plain).map(own);
    return answer({ kind: "sealed", id, sealed, plain: message.buffer }, [...sealed, message.buffer]);
  }
  works.delete(id);
  const sealed = work.sealer.final().map(own);
  const facts = { size: work.size, sha256: new Uint8Array(work.hash.digest()), crc32: work.crc };
  answer({ kind: "done", id, sealed, facts }, sealed);
}

port.on("message", (message: ToThread) => {
  try {
    handle(message);
  } catch (error) {
    if (message.kind === "spare") throw error;
    works.delete(message.id);
    answer({ kind: "failed", id: message.id, message: error instanceof Error ? error.message : String(error) });
  }
});
