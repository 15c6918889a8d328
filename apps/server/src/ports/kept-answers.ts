import type { Principal } from "./http.ts";

export type Begun =
  /** Nobody asked this before: carry it out, then `finish` or `forget`. */
  | { readonly state: "new" }
  | {
      readonly state: "answered";
      readonly status: number;
      readonly body: string | null;
      readonly shown: readonly string[];
    }
  /** The first try is still carried out, or broke off where nobody knows. */
  | { readonly state: "unfinished" }
  /** The key stands for another request. */
  | { readonly state: "other-request" }
  /** This asker has too many keys of one day. */
  | { readonly state: "too-many" };

/**
 * Answers to requests that carry an Idempotency-Key, by who asked and for 24 hours. Of several that begin at once with one
 * key exactly one is told "new".
 */
export interface KeptAnswers {
  begin(who: Principal, key: string, requestSha256: Uint8Array): Promise<Begun>;
  /** `shown`: ids of what the asker was shown, looked at again before the answer is given again. */
  finish(
    who: Principal,
    key: string,
    answer: { readonly status: number; readonly body: string | null; readonly shown: readonly string[] },
  ): Promise<void>;
  /** The request was refused and changed nothing: it may be sent again. */
  forget(who: Principal, key: string): Promise<void>;
}
