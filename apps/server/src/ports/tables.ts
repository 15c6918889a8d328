import type { EvidenceKind, EvidenceState, MediaFacts, MediaState } from "@sworn/contract";
import type { ColumnType, Generated } from "kysely";
import type { AnnotationTables } from "./annotation-tables.ts";
import type { SignInTables } from "./sign-in-tables.ts";
import type { MatterTables } from "./matter-tables.ts";

// The business tables as Kysely sees them. int8 arrives as a number (all are below 2^53), bytea as Buffer.
type Default<T> = Generated<T>;
type Json<T> = ColumnType<T, string, string>;

export interface DeploymentTable {
  log_origin: string;
  log_vkey: string;
  created_at: Default<Date>;
  recovery_sheet_at: Date | null;
}
export interface SetUpLinkTable {
  token_hash: Uint8Array;
  created_at: Default<Date>;
  expires_at: Date;
  used_at: Date | null;
}
export interface KeptAnswerTable {
  agency_id: string;
  actor_id: string;
  key: string;
  request_sha256: Uint8Array;
  begun_at: Default<Date>;
  status: number | null;
  body: string | null;
  shown: Default<string[]>;
}
export interface AgencyTable {
  id: string;
  name: string;
  time_zone: Default<string>;
  created_at: Default<Date>;
  /** null: uncategorised items are kept without end. */
  uncategorised_count: number | null;
  uncategorised_unit: PeriodUnit | null;
  /** How long before and after a call footage still counts as of it. */
  call_before_minutes: Default<number>;
  call_after_minutes: Default<number>;
  language: string | null;
}
type PeriodUnit = "day" | "month" | "year";
export interface UnitTable {
  id: string;
  agency_id: string;
  name: string;
  parent_id: string | null;
  created_at: Default<Date>;
  archived_at: Date | null;
}
export interface RestrictedClassTable {
  id: string;
  agency_id: string;
  name: string;
  contact: Default<string>;
  created_at: Default<Date>;
  archived_at: Date | null;
}
export interface RestrictedMemberTable {
  class_id: string;
  person_id: string;
  agency_id: string;
  added_at: Default<Date>;
}
export interface CategoryTable {
  id: string;
  agency_id: string;
  name: string;
  /** null, as its unit: kept without end. */
  keep_count: number | null;
  keep_unit: PeriodUnit | null;
  restricted_class_id: string | null;
  created_at: Default<Date>;
  archived_at: Date | null;
}
export interface EvidenceCategoryTable {
  evidence_id: string;
  category_id: string;
  agency_id: string;
}
export interface HoldTable {
  id: string;
  agency_id: string;
  evidence_id: string;
  reason: string;
  owner_id: string;
  /** A calendar day, as text. */
  review_on: string;
  placed_by: string | null;
  placed_at: Default<Date>;
  released_by: string | null;
  released_at: Date | null;
  release_reason: string | null;
}
export interface PersonTable {
  id: string;
  agency_id: string;
  account_id: string | null;
  name: string;
  email: string;
  badge: string | null;
  roles: string[];
  unit_id: string | null;
  created_at: Default<Date>;
  disabled_at: Date | null;
  language: string | null;
  default_view_id: string | null;
  left_library: unknown;
  mail_mentions: Default<boolean>;
}
export interface SavedViewTable {
  id: string;
  agency_id: string;
  person_id: string;
  name: string;
  search: Json<Partial<Record<string, string>>>;
  shared: Default<string>;
  unit_id: string | null;
  created_at: Default<Date>;
  removed_at: Date | null;
}
export interface PutAsideTable {
  agency_id: string;
  person_id: string;
  key: string;
  until: Date | null;
  created_at: Default<Date>;
}
export interface DeviceTable {
  id: string;
  agency_id: string;
  name: string;
  model: string | null;
  person_id: string | null;
  created_at: Default<Date>;
  revoked_at: Date | null;
}
export interface ApiKeyTable {
  id: string;
  agency_id: string;
  name: string;
  role: string;
  device_id: string | null;
  /** null: whatever keys of the role may. */
  scopes: Default<string[] | null>;
  token_hash: Uint8Array;
  prefix: string;
  created_by: string | null;
  created_at: Default<Date>;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}
export interface EvidenceKeyTable {
  evidence_id: string;
  agency_id: string;
  master_key_id: string;
  wrapped: Uint8Array;
  created_at: Default<Date>;
}
export interface EvidenceTable {
  id: string;
  agency_id: string;
  title: string;
  kind: EvidenceKind;
  state: EvidenceState;
  sha256: Uint8Array | null;
  chunk_root: Uint8Array | null;
  size: Default<number>;
  recorded_at: Date | null;
  /** recorded_at, or received_at where that is unknown: the library's order. Made by the database. */
  happened_at: ColumnType<Date, never, never>;
  time_source: Default<string>;
  time_uncertainty_ms: number | null;
  device_id: string | null;
  person_id: string | null;
  source_name: string | null;
  signed_at_source: Default<boolean>;
  media_state: Default<MediaState>;
  media_code: string | null;
  media_detail: string | null;
  media_facts: Json<MediaFacts | null> | null;
  duration_ms: number | null;
  received_at: Default<Date>;
  stored_at: Date | null;
  unit_id: string | null;
  /** How many; which ones: evidence_category. */
  categories: Default<number>;
  restricted_class_id: string | null;
  /** How many last. */
  holds: Default<number>;
  /** A calendar day of the agency's zone, as text. */
  keep_until: string | null;
  disposable_from: Date | null;
  /** recorded_at is corrected by this much; what the source said is recorded_at minus it. */
  time_offset_ms: Default<number>;
}
export interface FileTable {
  id: string;
  agency_id: string;
  evidence_id: string;
  role: "original" | "poster" | "track" | "storyboard" | "waveform" | "captions";
  take: Default<number>;
  media_type: string;
  state: "open" | "stored";
  size: Default<number>;
  sha256: Uint8Array | null;
  chunk_root: Uint8Array | null;
  made_by: Json<unknown> | null;
  created_at: Default<Date>;
}
export interface SpanTable {
  file_id: string;
  seq: number;
  agency_id: string;
  start_offset: number;
  size: number;
  sha256: Uint8Array;
  crc32: number;
  object_key: string;
  sealed_size: number;
  sealed_sha256: Uint8Array;
  wrapped_key: Uint8Array;
  created_at: Default<Date>;
}
export interface UploadTable {
  id: string;
  agency_id: string;
  file_id: string;
  actor_id: string;
  person_id: string | null;
  device_id: string | null;
  name: string;
  declared_type: string | null;
  declared_sha256: Uint8Array | null;
  captured_at: Date | null;
  title: string | null;
  length: number;
  received: Default<number>;
  checked: Default<number>;
  state: "receiving" | "sealing" | "stored" | "refused" | "incomplete" | "cancelled";
  code: string | null;
  detail: string | null;
  evidence_id: string | null;
  already_held: Default<boolean>;
  created_at: Default<Date>;
  last_byte_at: Default<Date>;
  expires_at: Date | null;
}
export interface RecordingTable {
  id: string;
  agency_id: string;
  device_id: string;
  person_id: string | null;
  state: "live" | "sealing" | "closed" | "interrupted";
  reason: string;
  open_request: Json<unknown>;
  started_at: Date;
  last_byte_at: Default<Date>;
  closed_at: Date | null;
  close_reason: string | null;
  created_at: Default<Date>;
}
export interface TakeTable {
  id: string;
  agency_id: string;
  recording_id: string;
  take: number;
  file_id: string;
  state: "open" | "sealing" | "stored" | "interrupted";
  init_sha256: Uint8Array | null;
  tail: ColumnType<unknown, string | undefined, string>;
  fragments: Default<number>;
  stored_fragments: Default<number>;
  declared_fragments: number | null;
  size: Default<number>;
  sha256: Uint8Array | null;
  chunk_root: Uint8Array | null;
  fragment_root: Uint8Array | null;
  opened_at: Default<Date>;
  last_byte_at: Default<Date>;
  rolled_at: Default<Date>;
  closed_at: Date | null;
  duration_ms: number | null;
}
export interface FragmentTable {
  take_id: string;
  n: number;
  agency_id: string;
  sha256: Uint8Array;
  size: number;
  start_ms: number | null;
  duration_ms: number | null;
  spool_node: string | null;
  spool_segment: string | null;
  spool_offset: number | null;
  spool_size: number | null;
  file_offset: number | null;
  received_at: Default<Date>;
}
export interface TrackTable {
  evidence_id: string;
  take: Default<number>;
  agency_id: string;
  file_id: string;
  source: string;
  fixes: number;
  from_at: Date | null;
  to_at: Date | null;
  west: number | null;
  south: number | null;
  east: number | null;
  north: number | null;
}
export interface TakeFixTable {
  take_id: string;
  seq: number;
  agency_id: string;
  source: string;
  fix: Json<unknown>;
}

export interface EntryTable {
  id: string;
  agency_id: string;
  subject_kind: string;
  subject_id: string;
  n: number;
  prev: Uint8Array | null;
  commitment: Uint8Array;
  kind: string;
  actor_id: string | null;
  at: Date;
  audience: string | null;
}
export interface EventBodyTable {
  entry_id: string;
  agency_id: string;
  event: string;
  salt: Uint8Array;
}
export interface PendingTable {
  id: Generated<number>;
  commitment: Uint8Array;
}
export interface LeafTable {
  index: number;
  commitment: Uint8Array;
  leaf_hash: Uint8Array;
}
export interface NodeTable {
  level: number;
  index: number;
  hash: Uint8Array;
}
export interface CheckpointTable {
  size: number;
  previous: number;
  root: Uint8Array;
  note: string;
  at: Date;
}

export interface Tables extends SignInTables, MatterTables, AnnotationTables {
  "sworn.deployment": DeploymentTable;
  "sworn.set_up_link": SetUpLinkTable;
  "sworn.kept_answer": KeptAnswerTable;
  "sworn.agency": AgencyTable;
  "sworn.person": PersonTable;
  "sworn.unit": UnitTable;
  "sworn.restricted_class": RestrictedClassTable;
  "sworn.restricted_member": RestrictedMemberTable;
  "sworn.category": CategoryTable;
  "sworn.evidence_category": EvidenceCategoryTable;
  "sworn.hold": HoldTable;
  "sworn.saved_view": SavedViewTable;
  "sworn.put_aside": PutAsideTable;
  "sworn.device": DeviceTable;
  "sworn.api_key": ApiKeyTable;
  "sworn.evidence_key": EvidenceKeyTable;
  "sworn.evidence": EvidenceTable;
  "sworn.file": FileTable;
  "sworn.span": SpanTable;
  "sworn.upload": UploadTable;
  "sworn.recording": RecordingTable;
  "sworn.take": TakeTable;
  "sworn.fragment": FragmentTable;
  "sworn.track": TrackTable;
  "sworn.take_fix": TakeFixTable;
  "custody.entry": EntryTable;
  "custody.event_body": EventBodyTable;
  "custody.pending": PendingTable;
  "custody.leaf": LeafTable;
  "custody.node": NodeTable;
  "custody.checkpoint": CheckpointTable;
}
