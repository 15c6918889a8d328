import type { SessionState } from "@sworn/contract";
import type { Principal } from "../../ports/http.ts";
import { judgeEntry } from "../identity/index.ts";
import { type SessionDeps, sessionOf } from "./own-sessions.ts";
import { readPolicy } from "./policy.ts";

/** How the session stands that asks: locked or not, and what it waits for before it opens anything. */
export async function readState(deps: SessionDeps, principal: Principal): Promise<SessionState> {
  const { id, accountId } = sessionOf(principal);
  const session = (await deps.accounts.sessions(accountId)).find((each) => each.id === id);
  const { totp, passkeys } = await deps.accounts.factors(accountId);
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    const { roles, ...person } = await tx
      .selectFrom("sworn.person")
      .select(["name", "email", "roles"])
      .where("id", "=", principal.actorId)
      .executeTakeFirstOrThrow();
    const { idleMinutes, secondFactor, notice, noticeVersion: version } = await readPolicy(tx);
    const rules = { secondFactor, noticeVersion: notice === "" ? 0 : version };
    const asked = { strong: session?.strong ?? false, noticeVersion: session?.noticeVersion ?? null };
    const wait = judgeEntry(asked, { roles: [...roles, ...principal.roles], totp }, rules);
    return {
      ...person,
      idleMinutes,
      locked: (session?.lockedAt ?? null) !== null,
      waits: wait === null ? null : wait === "notice-not-accepted" ? "notice" : "second-factor",
      notice: wait === "notice-not-accepted" ? { text: notice, version } : null,
      has: { totp, passkeys: passkeys > 0 },
    };
  });
}
