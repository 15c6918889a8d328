import { audienceOf, type CustodyHistory } from "@sworn/contract";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertVisible, knownAmong } from "../access/index.ts";
import {
  actorOf,
  type AppendDeps,
  appendOncePerQuarterHour,
  type HistoryPage,
  type KnownOf,
  readHistory,
} from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";

export interface ReadCustodyDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
}

/** An item's history, one page of it. That it was read is logged first, so that a reader cannot see it and stay unseen. */
export async function readCustody(
  deps: ReadCustodyDeps,
  principal: Principal,
  id: string,
  page: HistoryPage,
): Promise<CustodyHistory> {
  await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertVisible(tx, principal, id);
    await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
      kind: "evidence.custody-read",
      subject: { kind: "evidence", id },
      ...actorOf(principal),
    });
  });
  const knownOf: KnownOf = (tx, ids) => knownAmong(tx, principal, ids);
  return await deps.database.forAgency(principal.agencyId, (tx) =>
    readHistory(tx, { kind: "evidence", id }, audienceOf(principal.roles), { namesOf: actorNames, knownOf }, page),
  );
}
