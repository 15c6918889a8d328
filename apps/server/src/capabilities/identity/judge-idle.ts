import { IDLE_HEADER } from "@sworn/contract";
import type { Accounts, AccountSession } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";

/** Where an agency has said nothing else. */
export const IDLE_MINUTES = 30;
/** A row is written no oftener than this. */
const NOTED_EVERY_MS = 20_000;

interface Deps {
  readonly accounts: Pick<Accounts, "noteSession">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Whether the session is locked: by its person, or because nobody did anything for too long. Pages ask by themselves, so
 * a request is no sign of life: the browser says how long ago the person was seen, and a request that only reads says
 * nothing where it does not. Once locked it stays so until it is unlocked, whatever is said later.
 */
export async function judgeIdle(
  deps: Deps,
  session: AccountSession,
  idleMinutes: number,
  request: { headers: Headers; method?: string },
): Promise<boolean> {
  if (session.lockedAt !== null) return true;
  const now = deps.clock.now();
  const seen = Math.max(session.seenAt.getTime(), seenNow(now, request));
  if (now - seen > idleMinutes * 60_000) {
    await deps.accounts.noteSession(session.id, { lockedAt: new Date(now) });
    return true;
  }
  if (seen - session.seenAt.getTime() >= NOTED_EVERY_MS)
    await deps.accounts.noteSession(session.id, { seenAt: new Date(seen) });
  return false;
}

function seenNow(now: number, { headers, method = "GET" }: { headers: Headers; method?: string }): number {
  const said = headers.get(IDLE_HEADER);
  if (said === null) return method === "GET" || method === "HEAD" ? 0 : now;
  return /^\d{1,6}$/.test(said) ? now - Number(said) * 1000 : 0;
}
