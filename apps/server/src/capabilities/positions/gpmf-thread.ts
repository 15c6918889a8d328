import { parentPort } from "node:worker_threads";
import { Fmp4Error, type GpmfPayload, readGpmf, readMovie, readSamples } from "@sworn/core";
import type { FromThread, ToThread } from "./gpmf-messages.ts";
import { boundsOf, linesOf } from "./rules.ts";

// A thread of its own for each hostile file: what it costs in time or memory, and a crash, end this thread and nothing
// else. It reads no file and holds no key; the server hands it bytes.

const MAX_METADATA = 128 * 1024 * 1024;
const MAX_SAMPLES = 200_000;

const port = parentPort;
if (port === null) throw new Error("gpmf-thread.ts runs as a worker thread");
const payloads: GpmfPayload[] = [];
let lines: Iterator<Uint8Array<ArrayBuffer>> | null = null;

port.on("message", (message: ToThread) => {
  const answer = answerTo(message);
  const bytes = answer.kind === "lines" ? answer.bytes : answer.kind === "samples" ? answer.samples : null;
  port.postMessage(answer, bytes === null ? [] : [bytes.buffer]);
});

function answerTo(message: ToThread): FromThread {
  switch (message.kind) {
    case "index":
      return readIndex(message.moov);
    case "payload":
      payloads.push(message);
      return { kind: "taken" };
    case "read": {
      const { fixes, refused, device } = readGpmf(payloads.splice(0));
      lines = linesOf(fixes);
      return { kind: "track", facts: boundsOf(fixes), refused, device };
    }
    case "more":
      break;
  }
  return { kind: "lines", bytes: lines?.next().value ?? null };
}

function readIndex(moov: Uint8Array): FromThread {
  try {
    const track = readMovie(moov).find((each) => each.format === "gpmd");
    if (track === undefined) return { kind: "none", why: "no metadata track" };
    const samples = readSamples(moov, track, MAX_SAMPLES);
    if (samples.reduce((sum, sample) => sum + sample.size, 0) > MAX_METADATA)
      return { kind: "none", why: "metadata too large" };
    const numbers = new Float64Array(samples.length * 4);
    samples.forEach((each, i) => numbers.set([each.offset, each.size, each.startMs, each.durationMs], i * 4));
    return { kind: "samples", samples: numbers };
  } catch (error) {
    // The index is not whole: that is the file's, and trying again reads the same bytes.
    if (error instanceof Fmp4Error) return { kind: "none", why: error.code };
    throw error;
  }
}
