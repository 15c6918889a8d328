export { Fmp4Error, type Fmp4ErrorCode } from "./fmp4-error.ts";
export { type Fmp4Tail, MAX_HOLE_MS, MAX_OVERLAP_MS, followFragment } from "./follow-fragment.ts";
export {
  type Fmp4Fragment,
  type Fmp4Part,
  type Fmp4Stretch,
  MAX_FRAGMENT_BYTES,
  readFragment,
} from "./read-fragment.ts";
export { type Fmp4Init, type Fmp4Track, MAX_INIT_BYTES, readInit } from "./read-init.ts";
export { rebaseFragment } from "./rebase-fragment.ts";
export { type Fmp4Splitter, type Fmp4Unit, createSplitter } from "./split-stream.ts";
