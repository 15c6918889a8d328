import type { MarkerKind } from "@sworn/contract";
import type { ColumnType, Generated } from "kysely";

// Markers, notes, what was made from an item, corrected times and shares as Kysely sees them.
type Default<T> = Generated<T>;
type Json<T> = ColumnType<T, string, string>;

/** What stands now; each state it had is a row of marker_version. */
export interface MarkerTable {
  id: string;
  agency_id: string;
  evidence_id: string;
  kind: MarkerKind;
  /** Null together with from_ms: about the whole item. */
  take: number | null;
  from_ms: number | null;
  to_ms: number | null;
  label: Default<string>;
  note: Default<string>;
  derivative_id: string | null;
  version: Default<number>;
  created_by: string;
  created_at: Default<Date>;
  changed_by: string | null;
  changed_at: Date | null;
  removed_by: string | null;
  removed_at: Date | null;
}
export interface MarkerVersionTable {
  marker_id: string;
  version: number;
  agency_id: string;
  kind: string;
  take: number | null;
  from_ms: number | null;
  to_ms: number | null;
  label: string;
  note: string;
  mentions: string[];
  removed: boolean;
  salt: Uint8Array;
  commitment: Uint8Array;
  by: string;
  at: Date;
}
export interface MentionTable {
  marker_id: string;
  person_id: string;
  agency_id: string;
  evidence_id: string;
  mentioned_by: string;
  mentioned_at: Default<Date>;
  seen_at: Date | null;
}
export interface DerivationTable {
  /** The derivative. */
  evidence_id: string;
  agency_id: string;
  source_id: string;
  kind: "snapshot" | "clip";
  take: number;
  from_ms: number;
  to_ms: number | null;
  source_sha256: Uint8Array;
  how: Json<unknown>;
  made_by: string;
  made_at: Default<Date>;
}
export interface RenderingTable {
  /** Becomes the derivative's. */
  id: string;
  agency_id: string;
  source_id: string;
  kind: "snapshot" | "clip";
  take: number;
  from_ms: number;
  to_ms: number | null;
  title: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  permille: Default<number>;
  code: string | null;
  detail: string | null;
  asked_by: string;
  person_id: string | null;
  asked_at: Default<Date>;
  ended_at: Date | null;
}
export interface TimeCorrectionTable {
  id: string;
  agency_id: string;
  evidence_id: string;
  n: number;
  source_at: Date;
  offset_ms: number;
  uncertainty_ms: number | null;
  reason: string;
  corrected_by: string;
  corrected_at: Default<Date>;
}
export interface ShareTable {
  id: string;
  agency_id: string;
  may_download: boolean;
  case_id: string | null;
  reason: string;
  message: string;
  made_by: string;
  made_at: Date;
  expires_at: Date;
  revoked_by: string | null;
  revoked_at: Date | null;
  revoke_reason: string | null;
}
export interface SharePersonTable {
  share_id: string;
  person_id: string;
  agency_id: string;
}
export interface ShareItemTable {
  share_id: string;
  evidence_id: string;
  agency_id: string;
  class_id: string | null;
}

export interface AnnotationTables {
  "sworn.marker": MarkerTable;
  "sworn.marker_version": MarkerVersionTable;
  "sworn.mention": MentionTable;
  "sworn.derivation": DerivationTable;
  "sworn.rendering": RenderingTable;
  "sworn.time_correction": TimeCorrectionTable;
  "sworn.share": ShareTable;
  "sworn.share_person": SharePersonTable;
  "sworn.share_item": ShareItemTable;
}
