import { openRanges, type ReadDeps } from "../intake/index.ts";
import type { SourceFile } from "./copy-to-scratch.ts";

/** A stored file, read by ranges: a probe of a three-hour recording asks for thousands of them. */
export async function openOriginal(deps: ReadDeps, agencyId: string, fileId: string): Promise<SourceFile> {
  return await openRanges(deps, agencyId, fileId);
}
