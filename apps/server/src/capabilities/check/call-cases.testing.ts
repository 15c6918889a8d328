import { again, type Case, drop, type Ids, isA, set } from "./edits.testing.ts";

const call = (ids: Ids): string => ids.matters.call;
const item = (ids: Ids): string => `sworn.call_evidence ${call(ids)} ${ids.matters.item}`;
const badge = (ids: Ids): string => `sworn.call_response ${call(ids)} B-1`;
/** Only who owns the table can do this: it refuses everybody else, and even who calls itself a replica. */
const unguarded = (edit: (ids: Ids) => string) => (ids: Ids) =>
  `alter table sworn.call_version disable trigger version_stays; ${edit(ids)};
   alter table sworn.call_version enable always trigger version_stays`;
const version = (ids: Ids): string => `sworn.call_version ${call(ids)} 1`;

/** What can be done to calls, their states, what people said of them, and imports. */
export const callCases: Case[] = [
  ["call: later", set("call", "to_at = now() + interval '1 day'", call), "row-altered", isA("sworn.call", call)],
  ["call: slipped in", again("call", call, { number: "'26-9'" }), "row-unlogged", () => /^sworn.call /],
  [
    "call: of an incident",
    (ids) => `update sworn.call set incident_id = '${ids.matters.incident}'`,
    "row-altered",
    isA("sworn.call", call),
  ],
  [
    "call_version: other words",
    unguarded(() => `update sworn.call_version set facts = facts || '{"place": "Oak St"}'`),
    "row-altered",
    version,
  ],
  ["call_version: deleted", unguarded(drop("call_version", call, "call_id")), "row-missing", version],
  [
    "call_response: somebody else's badge",
    (ids) => `update sworn.call_response set person_id = '${ids.adair}' where badge = 'B-2'`,
    "row-altered",
    isA("sworn.call", call),
  ],
  [
    "call_response: another reason",
    set("call_response", "reason = 'None'", () => "B-1", "badge"),
    "row-altered",
    badge,
  ],
  [
    "call_response: expected after all",
    set("call_response", "reason = null, settled_by = null", () => "B-1", "badge"),
    "row-missing",
    badge,
  ],
  ["call_evidence: refused", set("call_evidence", "state = 'refused'", call, "call_id"), "row-altered", item],
  ["call_evidence: deleted", drop("call_evidence", call, "call_id"), "row-missing", item],
  [
    "call_evidence: slipped in",
    (ids) =>
      `insert into sworn.call_evidence select call_id, '${ids.recording}', agency_id, state, decided_by, decided_at from sworn.call_evidence`,
    "row-unlogged",
    (ids) => `sworn.call_evidence ${call(ids)} ${ids.recording}`,
  ],
  ["import: more than there was", () => "update sworn.import set added = 9", "row-altered", () => /^sworn.import /],
  [
    "import: slipped in",
    () =>
      `insert into sworn.import select gen_random_uuid(), agency_id, kind, name, sha256, mapping, zone, date_order, added,
       changed, unchanged, refused, created_by, created_at from sworn.import`,
    "row-unlogged",
    () => /^sworn.import /,
  ],
];
