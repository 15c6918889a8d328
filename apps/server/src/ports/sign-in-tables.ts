import type { Generated } from "kysely";

// How people come in, as Kysely sees it.
type Default<T> = Generated<T>;

export interface InvitationTable {
  id: string;
  agency_id: string;
  name: string;
  email: string;
  roles: string[];
  unit_id: string | null;
  badge: Generated<string | null>;
  token_hash: Uint8Array;
  invited_by: string | null;
  /** Who made the link that opens now. */
  link_by: string | null;
  created_at: Default<Date>;
  expires_at: Date;
  accepted_at: Date | null;
  person_id: string | null;
  revoked_at: Date | null;
}
export interface LetterTable {
  id: string;
  agency_id: string;
  kind: string;
  person_id: string | null;
  name: string | null;
  address: string | null;
  language: string | null;
  about: Record<string, string>;
  secret: Uint8Array | null;
  state: Default<"waiting" | "sent" | "refused" | "dropped">;
  why: string | null;
  created_at: Default<Date>;
  ended_at: Date | null;
}
export interface DelegationTable {
  id: string;
  agency_id: string;
  giver_id: string;
  receiver_id: string;
  roles: string[];
  unit_id: string | null;
  from_at: Date;
  until_at: Date;
  reason: string;
  made_at: Date;
  ended_at: Date | null;
  ended_by: string | null;
  end_reason: string | null;
}
export interface SignInPolicyTable {
  agency_id: string;
  idle_minutes: Default<number>;
  second_factor: Default<string[]>;
  notice: Default<string>;
  notice_version: Default<number>;
}
export interface SignInNoticeTable {
  id: string;
  agency_id: string;
  person_id: string;
  kind: "locked-out" | "factors-reset";
  at: Date;
  until: Date | null;
  seen_at: Date | null;
}
export interface SignInTryTable {
  account: Uint8Array;
  browser: Default<string>;
  wrong: Default<number>;
  locks: Default<number>;
  locked_until: Date | null;
  last_at: Date;
}

export interface UsedCodeTable {
  account: Uint8Array;
  code: Uint8Array;
  at: Date;
}

export interface SignInTables {
  "sworn.invitation": InvitationTable;
  "sworn.letter": LetterTable;
  "sworn.delegation": DelegationTable;
  "sworn.sign_in_policy": SignInPolicyTable;
  "sworn.sign_in_notice": SignInNoticeTable;
  "sworn.used_code": UsedCodeTable;
  "sworn.sign_in_try": SignInTryTable;
}
