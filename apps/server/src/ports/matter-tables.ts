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
export interface CallImportTable {
  id: string;
  agency_id: string;
  name: string;
  sha256: Uint8Array;
  added: number;
  changed: number;
  unchanged: number;
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
  import_id: string | null;
  created_by: string;
  created_at: Date;
}
export interface CallResponseTable {
  call_id: string;
  badge: string;
  agency_id: string;
  state: "matched" | "missing" | "ambiguous" | "settled";
  person_id: string | null;
  from_at: Date;
  settled_by: string | null;
  reason: string | null;
}
export interface StatementLockTable {
  id: string;
  agency_id: string;
  incident_id: string;
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
  "sworn.call_import": CallImportTable;
  "sworn.call": CallTable;
  "sworn.call_response": CallResponseTable;
  "sworn.statement_lock": StatementLockTable;
  "sworn.statement_lock_person": StatementLockPersonTable;
}
