import type { BlobStore } from "../ports/blob-store.ts";
import type { Route } from "../ports/http.ts";
import type { Spool } from "../ports/spool.ts";
import type { Ground } from "./open-ground.ts";

/**
 * Parts that the controls of the fault tests put around the real ones, to show that the tests can fail. Reached
 * from code only: no setting and no environment variable leads here.
 */
export interface Overrides {
  readonly database?: (real: Ground["database"]) => Ground["database"];
  readonly blobStore?: (real: BlobStore) => BlobStore;
  readonly spool?: (real: Spool) => Spool;
  readonly routes?: (real: readonly Route[]) => readonly Route[];
}
