import { again, type Case, drop, type Ids, isA, set } from "./edits.testing.ts";

const incident = (ids: Ids): string => ids.matters.incident;
const caseFile = (ids: Ids): string => ids.matters.caseFile;
const member = (ids: Ids): string => `sworn.incident_evidence ${incident(ids)} ${ids.matters.item}`;
const paper = (table: string, id: (ids: Ids) => string) => (ids: Ids) => `sworn.${table} ${incident(ids)} ${id(ids)}`;

/** What can be done to incidents, cases, what belongs to them and their papers. */
export const matterCases: Case[] = [
  [
    "incident: other words",
    set("incident", "place = 'Oak St'", incident),
    "row-altered",
    isA("sworn.incident", incident),
  ],
  ["incident: slipped in", again("incident", incident, { number: "'26-9'" }), "row-unlogged", () => /^sworn.incident /],
  ["incident_evidence: deleted", drop("incident_evidence", incident, "incident_id"), "row-missing", member],
  [
    "incident_evidence: slipped in",
    (ids) =>
      `insert into sworn.incident_evidence select incident_id, '${ids.recording}', agency_id, how, added_by, added_at, opens from sworn.incident_evidence`,
    "row-unlogged",
    (ids) => `sworn.incident_evidence ${incident(ids)} ${ids.recording}`,
  ],
  [
    "incident_evidence: opens nothing any more",
    set("incident_evidence", "opens = false", incident, "incident_id"),
    "row-altered",
    member,
  ],
  [
    "matter_note: other words",
    set("matter_note", "words = 'Nothing'", (ids) => ids.matters.note),
    "row-altered",
    paper("matter_note", (ids) => ids.matters.note),
  ],
  [
    "matter_note: deleted",
    drop("matter_note", (ids) => ids.matters.note),
    "row-missing",
    paper("matter_note", (ids) => ids.matters.note),
  ],
  [
    "matter_task: open again",
    set("matter_task", "done_at = null, done_by = null", (ids) => ids.matters.task),
    "row-altered",
    paper("matter_task", (ids) => ids.matters.task),
  ],
  [
    "case_file: other title",
    set("case_file", "title = 'Another'", caseFile),
    "row-altered",
    isA("sworn.case_file", caseFile),
  ],
  [
    "case_incident: deleted",
    drop("case_incident", caseFile, "case_id"),
    "row-missing",
    (ids) => `sworn.case_incident ${caseFile(ids)} ${incident(ids)}`,
  ],
  [
    "case_evidence: deleted",
    drop("case_evidence", caseFile, "case_id"),
    "row-missing",
    (ids) => `sworn.case_evidence ${caseFile(ids)} ${ids.matters.item}`,
  ],
  [
    "case_file: slipped in",
    again("case_file", caseFile, { number: "'C-9'" }),
    "row-unlogged",
    () => /^sworn.case_file /,
  ],
  [
    "matter_task: slipped in",
    again("matter_task", (ids) => ids.matters.task),
    "row-unlogged",
    () => /^sworn.matter_task /,
  ],
  [
    "case_incident: added by another",
    (ids) => set("case_incident", `added_by = '${ids.camera}'`, caseFile, "case_id")(ids),
    "row-altered",
    (ids) => `sworn.case_incident ${caseFile(ids)} ${incident(ids)}`,
  ],
  [
    "case_evidence: slipped in",
    (ids) =>
      `insert into sworn.case_evidence select case_id, '${ids.recording}', agency_id, added_by, added_at from sworn.case_evidence`,
    "row-unlogged",
    (ids) => `sworn.case_evidence ${caseFile(ids)} ${ids.recording}`,
  ],
  [
    "statement_lock_person: ended without a word",
    set(
      "statement_lock_person",
      "ended_at = now(), ended_by = person_id, end_reason = 'Over'",
      (ids) => ids.matters.lock,
      "lock_id",
    ),
    "row-altered",
    (ids) => `sworn.statement_lock_person ${ids.matters.lock} ${ids.adair}`,
  ],
  [
    "statement_lock_person: deleted",
    drop("statement_lock_person", (ids) => ids.matters.lock, "lock_id"),
    "row-missing",
    (ids) => `sworn.statement_lock_person ${ids.matters.lock} ${ids.adair}`,
  ],
  [
    "statement_lock: of another incident",
    (ids) => set("statement_lock", `reason = 'None'`, () => ids.matters.lock)(ids),
    "row-altered",
    isA("sworn.statement_lock", (ids) => ids.matters.lock),
  ],
  [
    "statement_lock: of an item instead",
    (ids) => `update sworn.statement_lock set incident_id = null, evidence_id = '${ids.matters.item}'`,
    "row-altered",
    isA("sworn.statement_lock", (ids) => ids.matters.lock),
  ],
  [
    "statement_lock: slipped in",
    again("statement_lock", (ids) => ids.matters.lock),
    "row-unlogged",
    () => /^sworn.statement_lock /,
  ],
  [
    "assignment: until another day",
    set("assignment", "to_at = now() + interval '9 days'", (ids) => ids.matters.assignment),
    "row-altered",
    isA("sworn.assignment", (ids) => ids.matters.assignment),
  ],
  [
    "assignment: deleted",
    drop("assignment", (ids) => ids.matters.assignment),
    "row-missing",
    isA("sworn.assignment", (ids) => ids.matters.assignment),
  ],
];
