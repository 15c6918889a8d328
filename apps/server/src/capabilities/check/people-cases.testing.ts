import { again, type Case, drop, isA, set } from "./edits.testing.ts";

/** What can be done to agencies, people, cameras and keys. */
export const peopleCases: Case[] = [
  // agency
  [
    "agency: deleted",
    drop("agency", (ids) => ids.hill),
    "row-missing",
    isA("sworn.agency", (ids) => ids.hill),
    ["reference-broken"],
  ],
  ["agency: slipped in", again("agency", (ids) => ids.hill), "row-unlogged", () => /^sworn.agency /],
  // person
  [
    "person: a role added",
    set("person", "roles = '{officer,supervisor,admin}'", (ids) => ids.adair),
    "row-altered",
    isA("sworn.person", (ids) => ids.adair),
  ],
  [
    "person: disabled without a word",
    set("person", "disabled_at = now()", (ids) => ids.adair),
    "row-altered",
    isA("sworn.person", (ids) => ids.adair),
  ],
  [
    "person: a badge swapped",
    set("person", "badge = '4472'", (ids) => ids.adair),
    "row-altered",
    isA("sworn.person", (ids) => ids.adair),
  ],
  [
    "person: deleted",
    drop("person", (ids) => ids.adair),
    "row-missing",
    isA("sworn.person", (ids) => ids.adair),
    ["reference-broken"],
  ],
  [
    "person: slipped in",
    again("person", (ids) => ids.adair, { email: "'x@y.example'", badge: "null" }),
    "row-unlogged",
    () => /^sworn.person /,
  ],
  [
    "person: moved to another agency",
    (ids) => set("person", `agency_id = '${ids.hill}'`, () => ids.adair)(ids),
    "agency-mismatch",
    () => /^(?:custody.entry|sworn.device) /,
  ],
  // device
  [
    "device: deleted",
    drop("device", (ids) => ids.camera),
    "row-missing",
    isA("sworn.device", (ids) => ids.camera),
    ["reference-broken"],
  ],
  [
    "device: slipped in",
    again("device", (ids) => ids.camera, { name: "'Camera 9'" }),
    "row-unlogged",
    () => /^sworn.device /,
  ],
  [
    "device: a revoked one brought back",
    set("device", "revoked_at = null", (ids) => ids.lostCamera),
    "row-altered",
    isA("sworn.device", (ids) => ids.lostCamera),
  ],
  [
    "device: revoked without a word",
    set("device", "revoked_at = now()", (ids) => ids.camera),
    "row-altered",
    isA("sworn.device", (ids) => ids.camera),
  ],
  // api_key
  [
    "key: role widened",
    set("api_key", "role = 'admin'", (ids) => ids.key),
    "row-altered",
    isA("sworn.api_key", (ids) => ids.key),
  ],
  [
    "key: a scope added",
    set("api_key", "scopes = '{uploads:write}'", (ids) => ids.key),
    "row-altered",
    isA("sworn.api_key", (ids) => ids.key),
  ],
  [
    "key: given to another camera",
    (ids) => set("api_key", `device_id = '${ids.lostCamera}'`, () => ids.key)(ids),
    "row-altered",
    isA("sworn.api_key", (ids) => ids.key),
  ],
  [
    "key: a revoked one brought back",
    set("api_key", "revoked_at = null", (ids) => ids.revokedKey),
    "row-altered",
    isA("sworn.api_key", (ids) => ids.revokedKey),
  ],
  ["key: deleted", drop("api_key", (ids) => ids.key), "row-missing", isA("sworn.api_key", (ids) => ids.key)],
  [
    "key: slipped in",
    again("api_key", (ids) => ids.key, { token_hash: "'\\x00'" }),
    "row-unlogged",
    () => /^sworn.api_key /,
  ],
  // invitation
  [
    "invitation: a role added",
    set("invitation", "roles = '{officer,admin}'", (ids) => ids.organised.invitation),
    "row-altered",
    isA("sworn.invitation", (ids) => ids.organised.invitation),
  ],
  [
    "invitation: withdrawn without a word",
    set("invitation", "revoked_at = now()", (ids) => ids.organised.invitation),
    "row-altered",
    isA("sworn.invitation", (ids) => ids.organised.invitation),
  ],
  [
    "invitation: deleted",
    drop("invitation", (ids) => ids.organised.invitation),
    "row-missing",
    isA("sworn.invitation", (ids) => ids.organised.invitation),
  ],
  [
    "invitation: slipped in",
    again("invitation", (ids) => ids.organised.invitation, {
      email: "'x@y.example'",
      token_hash: "'\\x' || encode(sha256('x'), 'hex')",
    }),
    "row-unlogged",
    () => /^sworn.invitation /,
  ],
  // sign_in_policy
  [
    "sign_in_policy: sessions lock later",
    set("sign_in_policy", "idle_minutes = 60", (ids) => ids.harbor, "agency_id"),
    "row-altered",
    isA("sworn.sign_in_policy", (ids) => ids.harbor),
  ],
  [
    "sign_in_policy: a second factor no longer needed",
    set("sign_in_policy", "second_factor = '{}'", (ids) => ids.harbor, "agency_id"),
    "row-altered",
    isA("sworn.sign_in_policy", (ids) => ids.harbor),
  ],
  [
    "sign_in_policy: another notice",
    set("sign_in_policy", "notice = 'Anything goes.'", (ids) => ids.harbor, "agency_id"),
    "row-altered",
    isA("sworn.sign_in_policy", (ids) => ids.harbor),
  ],
  [
    "sign_in_policy: deleted",
    drop("sign_in_policy", (ids) => ids.harbor, "agency_id"),
    "row-missing",
    isA("sworn.sign_in_policy", (ids) => ids.harbor),
  ],
  [
    "sign_in_policy: slipped in",
    (ids) => `insert into sworn.sign_in_policy (agency_id, idle_minutes) values ('${ids.hill}', 60)`,
    "row-unlogged",
    isA("sworn.sign_in_policy", (ids) => ids.hill),
  ],
];
