export { type SuiteBlobStore, blobStoreSuite } from "./blob-store-suite.ts";
export {
  type SpoolRig,
  type SuiteSpool,
  type SuiteSpoolPlace,
  countLostAfterPowerCut,
  spoolSuite,
} from "./spool-suite.ts";
