import type { Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import type { Media } from "../../ports/media.ts";
import type { AppendDeps } from "../custody/index.ts";
import type { AdmitDeps } from "../intake/index.ts";
import type { Scratch } from "./scratch.ts";

export interface MediaDeps extends AdmitDeps {
  readonly custody: AppendDeps;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly media: Media;
  readonly scratch: Scratch;
}
