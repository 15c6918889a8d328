import { sealContext, toUtf8 } from "@sworn/core";
import type { SpanTable } from "../../ports/tables.ts";

/** Plain bytes of a span at most (custody.md 9, intake.md). */
export const SPAN_BYTES = 64 * 1024 * 1024;

/** Everything `sworn.span` says about one sealed object. */
export type Span = Omit<SpanTable, "created_at">;

/**
 * What a span's bytes and its key are bound to: the item and the object. An object moved to another name or another
 * item does not open.
 */
export const spanContext = (evidenceId: string, objectKey: string): Uint8Array =>
  sealContext("sworn-span/v1", evidenceId, objectKey);
export const spanKeyContext = (evidenceId: string, objectKey: string): Uint8Array =>
  toUtf8(`sworn-span-key/v1 ${evidenceId} ${objectKey}`);
