import { openFile, type ReadDeps } from "../intake/index.ts";
import type { SourceFile } from "./copy-to-scratch.ts";

/** A stored file, read by ranges. */
export async function openOriginal(deps: ReadDeps, agencyId: string, fileId: string): Promise<SourceFile> {
  const { size } = await openFile(deps, agencyId, fileId, { start: 0, end: 0 });
  return {
    size,
    async *bytes(start, end) {
      yield* (await openFile(deps, agencyId, fileId, { start, end })).bytes;
    },
  };
}
