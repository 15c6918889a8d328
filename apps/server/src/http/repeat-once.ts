import { createHash } from "node:crypto";
import { Problem } from "@sworn/contract";
import type { Principal, Reply, Route } from "../ports/http.ts";
import type { KeptAnswers } from "../ports/kept-answers.ts";

export interface Repeatable {
  readonly declared: Route;
  readonly principal: Principal;
  /** The header as it came. */
  readonly key: string | undefined;
  readonly url: string;
  readonly body: unknown;
}

/** Of these ids, those of items, incidents, cases and calls that this principal is shown now. */
export type ShownTo = (principal: Principal, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** Whether a repetition of this request can be told from a second one. */
export function takesKey(declared: Route): boolean {
  if ("public" in declared.access || declared.streamsBody === true || declared.secretAnswer === true) return false;
  return changing.has(declared.method);
}

const changing = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** An answer beyond this is not kept; nobody's program needs it twice. */
const MOST_BYTES = 32 * 1024;

/**
 * Carries a request out once, however often it is sent under its Idempotency-Key, and gives the first answer again. Reading,
 * bytes of evidence (which are taken once by their own numbers) and strangers have no use for a key: it is ignored. What
 * was hidden from the asker since is not in an answer given again: `not-found`.
 * Problems: key-reused, outcome-unknown, rate-limited, request-malformed.
 */
export async function repeatOnce(
  kept: KeptAnswers | undefined,
  request: Repeatable,
  carryOut: () => Promise<Reply>,
  shownTo?: ShownTo,
): Promise<Reply> {
  const { declared, principal, key } = request;
  if (kept === undefined || key === undefined || "public" in declared.access) return await carryOut();
  if (!changing.has(declared.method) || declared.streamsBody === true) return await carryOut();
  if (!/^[\x21-\x7e]{8,200}$/.test(key))
    throw new Problem("request-malformed", "An Idempotency-Key is 8 to 200 visible letters and digits.");
  if (declared.secretAnswer === true)
    throw new Problem(
      "request-malformed",
      "This answer holds a secret that is shown once and kept nowhere: send it without an Idempotency-Key.",
    );
  const hash = createHash("sha256").update(
    `${declared.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`,
  );
  const begun = await kept.begin(principal, key, hash.digest());
  switch (begun.state) {
    case "answered":
      await assertStillShown(shownTo, principal, begun.shown);
      return {
        status: begun.status,
        headers: {
          "idempotency-replayed": "true",
          ...(begun.body === null ? {} : { "content-type": "application/json; charset=utf-8" }),
        },
        body: begun.body,
      };
    case "unfinished":
      throw new Problem("outcome-unknown");
    case "other-request":
      throw new Problem("key-reused");
    case "too-many":
      throw new Problem("rate-limited", "Too many Idempotency-Keys in one day. Send requests without one.", {
        extra: { withoutKey: true },
      });
    case "new":
      break;
  }
  let answer: Reply;
  try {
    answer = await carryOut();
  } catch (error) {
    // A refusal changed nothing. Anything else may have: then the next try is told to look first.
    if (error instanceof Problem && error.status < 500) await kept.forget(principal, key);
    throw error;
  }
  const text = textOf(answer);
  const ids = text === undefined ? null : idsIn(request, text);
  if (text !== undefined && ids !== null) {
    const shown = ids.length === 0 ? [] : [...((await shownTo?.(principal, ids)) ?? [])];
    await kept.finish(principal, key, { status: answer.status ?? 200, body: text, shown });
  }
  return answer;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** A text with more is not kept: it could not be looked through when it is asked for again. */
const MOST_IDS = 1000;

function idsIn({ url, body }: Repeatable, answer: string | null): string[] | null {
  const text = `${url} ${JSON.stringify(body ?? null)} ${answer ?? ""}`;
  const ids = new Set([...text.matchAll(uuid)].map(([id]) => id.toLowerCase()));
  return ids.size > MOST_IDS ? null : [...ids];
}

/** Judged by what was shown then: ids that were hidden all along answer again as those of nothing do. */
async function assertStillShown(
  shownTo: ShownTo | undefined,
  principal: Principal,
  then: readonly string[],
): Promise<void> {
  if (shownTo === undefined || then.length === 0) return;
  const now = await shownTo(principal, then);
  if (then.some((id) => !now.has(id))) throw new Problem("not-found");
}

/** Undefined where the answer is no small JSON: it stays unfinished, and a second try is told to look. */
function textOf({ status = 200, body }: Reply): string | null | undefined {
  if (status >= 300) return undefined;
  if (body === undefined || body === null) return null;
  if (typeof body === "string" || body instanceof Uint8Array || Symbol.asyncIterator in body) return undefined;
  const text = JSON.stringify(body);
  return Buffer.byteLength(text) > MOST_BYTES ? undefined : text;
}
