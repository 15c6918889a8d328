import type { ColumnType, Generated } from "kysely";

// Incidents, cases, calls, shifts and statement locks as Kysely sees them.
type Default<T> = Generated<T>;
type Json<T> = ColumnType<T, string, string>;

export interface IncidentTable {
  id: string;
  agency_id: string;
  number: string;
  kind: string;
  place: string;
  lat: number | null;
  lon: number | null;
  from_at: Date | null;
  to_at: Date | null;
  people: Json<unknown>;
  outcomes: Json<unknown>;
  unit_id: string | null;
  state: "open" | "closed";
  created_by: string;
  created_at: Date;
}
export interface IncidentEvidenceTable {
  incident_id: string;
  evidence_id: string;
  agency_id: string;
  how: "hand" | "number" | "suggested" | "call";
  added_by: string;
  added_at: Date;
  opens: boolean;
}
export interface CaseFileTable {
  id: string;
  agency_id: string;
  number: string;
  title: string;
  people: Json<unknown>;
  unit_id: string | null;
  state: "open" | "closed";
  created_by: string;
  created_at: Date;
}
export interface CaseIncidentTable {
  case_id: string;
  incident_id: string;
  agency_id: string;
  added_by: string;
  added_at: Date;
}
export interface CaseEvidenceTable {
  case_id: string;
  evidence_id: string;
  agency_id: string;
  added_by: string;
  added_at: Date;
}
export interface MatterNoteTable {
  id: string;
  agency_id: string;
  incident_id: string | null;
  case_id: string | null;
  words: string;
  author_id: string;
  written_at: Date;
}
export interface MatterTaskTable {
  id: string;
  agency_id: string;
  incident_id: string | null;
  case_id: string | null;
  words: string;
  owner_id: string | null;
  /** A calendar day, as text. */
  due_on: string | null;
  done_at: Date | null;
  done_by: string | null;
  created_by: string;
  created_at: Date;
}
export interface AssignmentTable {
  id: string;
  agency_id: string;
  device_id: string;
  person_id: string;
  from_at: Date;
  to_at: Date | null;
  withdrawn_at: Date | null;
  created_by: string;
  created_at: Date;
}
export interface ImportTable {
  id: string;
  agency_id: string;
  kind: "calls" | "shifts" | "people";
  name: string;
  sha256: Uint8Array;
  mapping: Json<unknown>;
  zone: string;
  date_order: "mdy" | "dmy";
  added: number;
  changed: number;
  unchanged: number;
  refused: number;
  created_by: string;
  created_at: Date;
}
export interface CallTable {
  id: string;
  agency_id: string;
  number: string;
  kind: string;
  place: string;
  lat: number | null;
  lon: number | null;
  from_at: Date;
  to_at: Date;
  version: number;
  incident_id: string | null;
  created_by: string;
  created_at: Date;
}
export interface CallVersionTable {
  call_id: string;
  version: number;
  agency_id: string;
  facts: Json<unknown>;
  import_id: string | null;
  written_by: string;
  written_at: Date;
}
export interface CallResponseTable {
  call_id: string;
  badge: string;
  agency_id: string;
  person_id: string | null;
  unit_id: string | null;
  settled_by: string | null;
  reason: string | null;
}
export interface CallEvidenceTable {
  call_id: string;
  evidence_id: string;
  agency_id: string;
  state: "accepted" | "refused";
  decided_by: string;
  decided_at: Date;
}
export interface StatementLockTable {
  id: string;
  agency_id: string;
  /** One of the two. */
  incident_id: string | null;
  evidence_id: string | null;
  reason: string;
  placed_by: string;
  placed_at: Default<Date>;
}
export interface StatementLockPersonTable {
  lock_id: string;
  person_id: string;
  agency_id: string;
  statement_at: Date | null;
  taken_by: string | null;
  ended_at: Date | null;
  ended_by: string | null;
  end_reason: string | null;
}

export interface MatterTables {
  "sworn.incident": IncidentTable;
  "sworn.incident_evidence": IncidentEvidenceTable;
  "sworn.case_file": CaseFileTable;
  "sworn.case_incident": CaseIncidentTable;
  "sworn.case_evidence": CaseEvidenceTable;
  "sworn.matter_note": MatterNoteTable;
  "sworn.matter_task": MatterTaskTable;
  "sworn.assignment": AssignmentTable;
  "sworn.import": ImportTable;
  "sworn.call": CallTable;
  "sworn.call_version": CallVersionTable;
  "sworn.call_response": CallResponseTable;
  "sworn.call_evidence": CallEvidenceTable;
  "sworn.statement_lock": StatementLockTable;
  "sworn.statement_lock_person": StatementLockPersonTable;
}
