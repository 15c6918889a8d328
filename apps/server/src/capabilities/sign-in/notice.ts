import { type FrontDoor, Problem } from "@sworn/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { IdentityProvider } from "../../ports/identity-provider.ts";
import type { Principal } from "../../ports/http.ts";
import { noteOfSelf, type SessionDeps, sessionOf } from "./own-sessions.ts";
import { readPolicy } from "./policy.ts";

/** The notices of all agencies here: before the sign-in nobody knows whose page this is. */
export async function readFrontDoor(deps: {
  readonly database: Database;
  readonly provider: IdentityProvider | null;
}): Promise<FrontDoor> {
  return await deps.database.withoutAgency(async (tx) => {
    const { rows } = await sql<{ agency_id: string; name: string; notice: string; notice_version: number }>`
      select * from sworn.front_door()`.execute(tx);
    return {
      notices: rows.map((row) => ({
        agencyId: row.agency_id,
        agency: row.name,
        text: row.notice,
        version: row.notice_version,
      })),
      provider: deps.provider === null ? null : { name: deps.provider.name },
    };
  });
}

/** Accepts the notice for this session, with an event. `notice-not-accepted` where the text is another one by now. */
export async function acceptNotice(deps: SessionDeps, principal: Principal, version: number): Promise<void> {
  const { id } = sessionOf(principal);
  const { notice, noticeVersion } = await deps.database.forAgency(principal.agencyId, readPolicy);
  if (notice === "" || version !== noticeVersion)
    throw new Problem("notice-not-accepted", "The notice has changed. Read it once more, then accept it.");
  await noteOfSelf(deps, principal, { kind: "person.notice-accepted", details: { version } });
  await deps.accounts.noteSession(id, { noticeVersion: version });
}
