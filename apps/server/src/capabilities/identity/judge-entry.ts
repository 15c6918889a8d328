import type { ProblemCode } from "@sworn/contract";
import type { AccountSession } from "../../ports/accounts.ts";

export type EntryWait = Extract<ProblemCode, "notice-not-accepted" | "second-factor-needed">;

/** What an agency asks before a session opens anything. */
export interface EntryRules {
  /** Roles that need a second factor. */
  readonly secondFactor: readonly string[];
  /** 0: there is no notice. */
  readonly noticeVersion: number;
}

/**
 * What a session waits for before it opens anything: the agency's notice accepted in its present version, and a second
 * factor, where a role of the person needs one or they have codes in use (who came in by another way than the password
 * was not asked for one yet). Null: nothing.
 */
export function judgeEntry(
  session: Pick<AccountSession, "strong" | "noticeVersion">,
  person: { readonly roles: readonly string[]; readonly totp: boolean },
  rules: EntryRules,
): EntryWait | null {
  if (rules.noticeVersion > (session.noticeVersion ?? 0)) return "notice-not-accepted";
  const needed = person.totp || person.roles.some((role) => rules.secondFactor.includes(role));
  return needed && !session.strong ? "second-factor-needed" : null;
}
