export { type FileKeyRing, type KeyRingPlace, openKeyRing, restoreFromSheet } from "./file-key-ring.ts";
export { KeyRingError, type KeyRingErrorCode } from "./key-ring-error.ts";
