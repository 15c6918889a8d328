export { type AdmitDeps, type SpanSource, admitSpan, discardSpan, recordSpan } from "./admit.ts";
export { type AdmittedFile, type FileSource, admitFile, recordFile } from "./admit-file.ts";
export { type DamageCode, StoredDamage } from "./damage.ts";
export { type DiskReserve, type ReserveLimits, defaultReserve, makeDiskReserve } from "./disk-reserve.ts";
export { type EvidenceKeys, makeEvidenceKeys } from "./evidence-keys.ts";
export {
  type ByteRange,
  type OpenedFile,
  type RangedFile,
  type ReadDeps,
  openFile,
  openFileIn,
  openRanges,
  readSpans,
} from "./read-file.ts";
export { type StoredSpan, readSpan, readWholeSpan } from "./read-span.ts";
export { SPAN_BYTES, type Span, spanContext, spanKeyContext } from "./span.ts";
export { type IntakeWork, startIntakeWork } from "./jobs.ts";
export type { BodyLimits } from "./request-body.ts";
export { sealUpload } from "./seal-upload.ts";
export { makeOrphanSweep, sweepUploads } from "./sweep-intake.ts";
export type { IntakeDeps, Uploader } from "./upload-deps.ts";
export { uploadRoutes } from "./upload-routes.ts";
export { type UploadWriters, makeUploadWriters } from "./upload-writers.ts";
export { type SealThreads, startSealThreads } from "./seal-threads.ts";
