export { type SuiteBlobStore, blobStoreSuite } from "./blob-store-suite.ts";
