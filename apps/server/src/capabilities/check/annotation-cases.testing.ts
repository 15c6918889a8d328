import { again, type Case, drop, type Ids, isA, set } from "./edits.testing.ts";

const marker = (ids: Ids): string => ids.annotated.marker;
const removed = (ids: Ids): string => ids.annotated.removed;
const version = (what: string): ((ids: Ids) => string) =>
  set("marker_version", what, marker, "version = 2 and marker_id");
const state = (n: number) => (ids: Ids) => `sworn.marker_version ${marker(ids)}/${n}`;

/** What can be done to notes, to what they said before, and to whom they name. */
export const annotationCases: Case[] = [
  [
    "marker: other words",
    set("marker", "note = 'Nothing happened'", marker),
    "row-altered",
    isA("sworn.marker", marker),
  ],
  ["marker: moved", set("marker", "from_ms = 0", marker), "row-altered", isA("sworn.marker", marker)],
  [
    "marker: removed without a word",
    set("marker", "removed_at = now(), removed_by = created_by", marker),
    "row-altered",
    isA("sworn.marker", marker),
  ],
  [
    "marker: a removal taken back without a word",
    set("marker", "removed_at = null, removed_by = null", removed),
    "row-altered",
    isA("sworn.marker", removed),
  ],
  ["marker: slipped in", again("marker", marker), "row-altered", () => /^sworn.marker /],
  [
    "marker: put on another item",
    (ids) => set("marker", `evidence_id = '${ids.recording}'`, marker)(ids),
    "row-altered",
    state(1),
    ["row-unlogged"],
  ],
  ["marker_version: other words", version("note = 'Nothing'"), "row-altered", state(2)],
  [
    "marker_version: other words with a commitment of their own",
    version("note = 'Nothing', commitment = sha256('x')"),
    "row-altered",
    state(2),
  ],
  ["marker_version: another author", version("by = gen_random_uuid()"), "row-altered", state(2)],
  [
    "marker_version: forgotten",
    (ids) => `delete from sworn.marker_version where version = 1 and marker_id = '${marker(ids)}'`,
    "row-missing",
    state(1),
    ["row-altered"],
  ],
  [
    "time_correction: of another length",
    set("time_correction", "offset_ms = 1", (ids) => ids.upload.evidence, "n = 1 and evidence_id"),
    "row-altered",
    () => /^sworn.time_correction /,
  ],
  [
    "time_correction: deleted",
    set(
      "evidence",
      "time_offset_ms = 0, recorded_at = recorded_at - interval '59 seconds'",
      (ids) => ids.upload.evidence,
    ),
    "row-altered",
    isA("sworn.evidence", (ids) => ids.upload.evidence),
  ],
  [
    "derivation: of another moment",
    set("derivation", "from_ms = 9", (ids) => ids.annotated.derivative, "evidence_id"),
    "row-altered",
    isA("sworn.derivation", (ids) => ids.annotated.derivative),
  ],
  [
    "derivation: deleted",
    drop("derivation", (ids) => ids.annotated.derivative, "evidence_id"),
    "row-missing",
    isA("sworn.derivation", (ids) => ids.annotated.derivative),
  ],
  [
    "mention: deleted",
    drop("mention", marker, "marker_id"),
    "row-missing",
    (ids) => `sworn.mention ${marker(ids)}/${ids.adair}`,
  ],
  [
    "mention: of somebody whom no note names",
    (ids) =>
      `insert into sworn.mention (marker_id, person_id, agency_id, evidence_id, mentioned_by) select '${removed(ids)}', person_id, agency_id, evidence_id, mentioned_by from sworn.mention`,
    "row-unlogged",
    (ids) => `sworn.mention ${removed(ids)}/${ids.adair}`,
  ],
];
