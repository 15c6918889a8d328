import { type ReadRange, walkTopBoxes } from "@sworn/core";
import type { Scratch } from "./scratch.ts";
import { type CopyPlan, planCopy } from "./plan-copy.ts";

/** An original, read by ranges: the plain bytes come out of sealed spans, checked on the way. */
export interface SourceFile {
  readonly size: number;
  bytes(start: number, end: number): AsyncIterable<Uint8Array>;
}

export interface ScratchCopy {
  readonly path: string;
  readonly plan: CopyPlan;
  /** Bytes that the file announces and does not have: it was cut off. */
  readonly missing: number;
}

// Three hours of one-second fragments are 21,600 boxes; beyond this the first ones must do.
const MAX_BOXES = 4000;

/** Copies what a decoder needs into a scratch folder and runs `work` beside it. */
export async function withScratchCopy<T>(
  scratch: Scratch,
  source: SourceFile,
  signal: AbortSignal,
  work: (copy: ScratchCopy) => Promise<T>,
): Promise<T> {
  const boxes = await walkTopBoxes(reader(source), source.size, MAX_BOXES);
  const plan = planCopy(boxes, source.size);
  return await scratch.use(plan.bytes, async (folder) => {
    const file = await folder.create("source", plan.size);
    for (const range of plan.ranges) {
      let at = range.start;
      for await (const bytes of source.bytes(range.start, range.end)) {
        signal.throwIfAborted();
        await file.write(at, bytes);
        at += bytes.length;
      }
    }
    await file.finish();
    return await work({ path: file.path, plan, missing: boxes.missing });
  });
}

/** Small ranges at once, for readers of boxes. */
export function reader(source: SourceFile): ReadRange {
  return async (start, end) => {
    const parts: Uint8Array[] = [];
    for await (const part of source.bytes(start, end)) parts.push(Uint8Array.from(part));
    return Buffer.concat(parts);
  };
}
