export { type AdmitDeps, type SpanSource, admitSpan, discardSpan, recordSpan } from "./admit.ts";
export { type AdmittedFile, type FileSource, admitFile, recordFile } from "./admit-file.ts";
export { type DamageCode, StoredDamage } from "./damage.ts";
export { type DiskReserve, type ReserveLimits, defaultReserve, makeDiskReserve } from "./disk-reserve.ts";
export { type EvidenceKeys, makeEvidenceKeys } from "./evidence-keys.ts";
export { type ByteRange, type OpenedFile, type ReadDeps, openFile, openFileIn, readSpans } from "./read-file.ts";
export { type StoredSpan, readSpan, readWholeSpan } from "./read-span.ts";
export { SPAN_BYTES, type Span, spanContext, spanKeyContext } from "./span.ts";
