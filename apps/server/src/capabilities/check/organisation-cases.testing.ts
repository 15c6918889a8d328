import { again, type Case, drop, type Ids, isA, set } from "./edits.testing.ts";

const item = (ids: Ids): string => ids.organised.item;
const category = (ids: Ids): string => ids.organised.category;
const restricted = (ids: Ids): string => ids.organised.restricted;
const hold = (ids: Ids): string => ids.organised.hold;
const precinct = (ids: Ids): string => ids.organised.precinct;
const delegation = (ids: Ids): string => ids.organised.delegation;
const share = (ids: Ids): string => ids.organised.share;
const shared = (ids: Ids): string => `sworn.share_item ${share(ids)} ${item(ids)}`;
const member = (ids: Ids): string => `sworn.restricted_member ${restricted(ids)} ${ids.adair}`;

/** What can be done to units, categories, restricted classes and holds, and to what items have of them. */
export const organisationCases: Case[] = [
  [
    "agency: uncategorised items kept for a day",
    set("agency", "uncategorised_count = 1, uncategorised_unit = 'day'", (ids) => ids.harbor),
    "row-altered",
    isA("sworn.agency", (ids) => ids.harbor),
  ],
  [
    "person: moved to another unit without a word",
    (ids) => set("person", `unit_id = '${precinct(ids)}'`, () => ids.adair)(ids),
    "row-altered",
    isA("sworn.person", (ids) => ids.adair),
  ],
  ["unit: renamed", set("unit", "name = 'Another'", precinct), "row-altered", isA("sworn.unit", precinct)],
  ["unit: moved to the top", set("unit", "parent_id = null", precinct), "row-altered", isA("sworn.unit", precinct)],
  ["unit: deleted", drop("unit", precinct), "row-missing", isA("sworn.unit", precinct)],
  ["unit: slipped in", again("unit", precinct, { name: "'8th'" }), "row-unlogged", () => /^sworn.unit /],
  [
    "category: kept for a shorter time",
    set("category", "keep_count = 9", category),
    "row-altered",
    isA("sworn.category", category),
  ],
  [
    "category: archived",
    set("category", "archived_at = now()", category),
    "row-altered",
    isA("sworn.category", category),
  ],
  [
    "category: slipped in",
    again("category", category, { name: "'One day'" }),
    "row-unlogged",
    () => /^sworn.category /,
  ],
  [
    "restricted_class: renamed",
    set("restricted_class", "name = 'Anybody'", restricted),
    "row-altered",
    isA("sworn.restricted_class", restricted),
  ],
  [
    "restricted_class: slipped in",
    again("restricted_class", restricted, { name: "'Nobody'" }),
    "row-unlogged",
    () => /^sworn.restricted_class /,
  ],
  [
    "delegation: a role added",
    set("delegation", "roles = '{admin,custodian}'", delegation),
    "row-altered",
    isA("sworn.delegation", delegation),
  ],
  [
    "delegation: made longer",
    set("delegation", "until_at = until_at + interval '1 year'", delegation),
    "row-altered",
    isA("sworn.delegation", delegation),
  ],
  [
    "delegation: to somebody else",
    (ids) => set("delegation", `giver_id = receiver_id, receiver_id = '${ids.adair}'`, delegation)(ids),
    "row-altered",
    isA("sworn.delegation", delegation),
  ],
  ["delegation: deleted", drop("delegation", delegation), "row-missing", isA("sworn.delegation", delegation)],
  ["delegation: slipped in", again("delegation", delegation), "row-unlogged", () => /^sworn.delegation /],
  ["restricted_member: deleted", drop("restricted_member", restricted, "class_id"), "row-missing", member],
  [
    "restricted_member: slipped in",
    (ids) =>
      `insert into sworn.restricted_member (class_id, person_id, agency_id) select class_id, '${ids.camera}', agency_id from sworn.restricted_member`,
    "row-unlogged",
    (ids) => `sworn.restricted_member ${restricted(ids)} ${ids.camera}`,
    ["reference-broken"],
  ],
  [
    "evidence_category: another one",
    (ids) => set("evidence_category", `category_id = '${ids.organised.otherCategory}'`, item, "evidence_id")(ids),
    "row-altered",
    isA("sworn.evidence_category", item),
  ],
  [
    "evidence_category: deleted with its count",
    (ids) =>
      `with gone as (delete from sworn.evidence_category where evidence_id = '${item(ids)}') update sworn.evidence set categories = 0 where id = '${item(ids)}'`,
    "row-altered",
    isA("sworn.evidence_category", item),
  ],
  [
    "evidence_category: slipped in",
    (ids) =>
      `insert into sworn.evidence_category (evidence_id, category_id, agency_id) values ('${ids.recording}', '${category(ids)}', '${ids.harbor}')`,
    "row-unlogged",
    isA("sworn.evidence", (ids) => ids.recording),
  ],
  [
    "item: no longer restricted",
    set("evidence", "restricted_class_id = null", item),
    "row-altered",
    isA("sworn.evidence", item),
  ],
  [
    "item: restricted without a word",
    (ids) => set("evidence", `restricted_class_id = '${restricted(ids)}'`, () => ids.recording)(ids),
    "row-unlogged",
    isA("sworn.evidence", (ids) => ids.recording),
  ],
  ["item: its holds forgotten", set("evidence", "holds = 0", item), "row-altered", isA("sworn.evidence", item)],
  [
    "hold: ended without a word",
    set("hold", "released_at = now(), release_reason = 'Over'", hold),
    "row-altered",
    isA("sworn.hold", hold),
  ],
  ["hold: review put off", set("hold", "review_on = '2099-01-01'", hold), "row-altered", isA("sworn.hold", hold)],
  ["hold: deleted", drop("hold", hold), "row-missing", isA("sworn.hold", hold)],
  ["hold: slipped in", again("hold", hold), "row-unlogged", () => /^sworn.hold /],
  [
    "share: put off",
    set("share", "expires_at = expires_at + interval '1 year'", share),
    "row-altered",
    isA("sworn.share", share),
  ],
  ["share: to keep", set("share", "may_download = true", share), "row-altered", isA("sworn.share", share)],
  ["share: said otherwise", set("share", "message = 'No'", share), "row-altered", isA("sworn.share", share)],
  [
    "share: ended without a word",
    set("share", "revoked_at = now(), revoke_reason = 'Over'", share),
    "row-altered",
    isA("sworn.share", share),
  ],
  ["share: slipped in", again("share", share), "row-unlogged", () => /^sworn.share /],
  [
    "share_person: with somebody else",
    (ids) => `insert into sworn.share_person values ('${share(ids)}', '${ids.adair}', '${ids.harbor}')`,
    "row-unlogged",
    (ids) => `sworn.share_person ${share(ids)} ${ids.adair}`,
  ],
  ["share_person: deleted", drop("share_person", share, "share_id"), "row-missing", () => /^sworn.share_person /],
  ["share_item: deleted", drop("share_item", share, "share_id"), "row-missing", shared],
  [
    "share_item: an item more",
    (ids) => `insert into sworn.share_item values ('${share(ids)}', '${ids.recording}', '${ids.harbor}')`,
    "row-unlogged",
    isA("sworn.share_item", (ids) => ids.recording),
  ],
  [
    "share_item: for a class it was not made for",
    (ids) => set("share_item", `class_id = '${restricted(ids)}'`, share, "share_id")(ids),
    "row-altered",
    shared,
  ],
];
