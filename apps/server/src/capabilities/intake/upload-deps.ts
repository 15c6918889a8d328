import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import type { AppendDeps } from "../custody/index.ts";
import type { AdmitDeps } from "./admit.ts";
import type { BucketSize } from "../../ports/token-buckets.ts";
import type { BodyLimits } from "./request-body.ts";
import type { UploadWriters } from "./upload-writers.ts";

/** Who sent a file, as far as its upload row still knows when it is sealed. */
export interface Uploader {
  readonly actorId: string;
  readonly personId: string | null;
  readonly deviceId: string | null;
}

export interface IntakeDeps extends AdmitDeps {
  readonly clock: Clock;
  readonly custody: AppendDeps;
  readonly jobs: Pick<Jobs, "send">;
  readonly log: Log;
  readonly writers: UploadWriters;
  /** Access decides: may this uploader know that an item with the same bytes is here already? */
  readonly maySee: (tx: Tx, uploader: Uploader, evidenceId: string) => Promise<boolean>;
  readonly bodyLimits?: BodyLimits;
  /** Milliseconds after the last byte until an unfinished upload is given up. Default 7 days. */
  readonly expireMs?: number;
  /** Uploads that one sender may have begun and not ended. Default 1000. */
  readonly maxUnfinished?: number;
  /** Bodies below 64 KiB that one sender may send: each becomes an object, a key and rows. Default `tinyBodies`. */
  readonly tinyBodies?: BucketSize;
}

/** A connection that breaks again and again leaves such bodies too, and small files are one each. */
export const tinyBodies: BucketSize = { burst: 2000, perSecond: 2 };
export const TINY_BYTES = 64 * 1024;

export const DAY_MS = 24 * 60 * 60 * 1000;
export const expiryOf = (deps: IntakeDeps): Date => new Date(deps.clock.now() + (deps.expireMs ?? 7 * DAY_MS));
