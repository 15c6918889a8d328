import { audienceOf, type CustodyHistory, type HistoryFilter } from "@sworn/contract";
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
import { momentOf, readZone } from "./filter.ts";

export interface ReadCustodyDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
}

/** An item's history, one page of it. That it was read is logged first, so that a reader cannot see it and stay unseen. */
export async function readCustody(
  deps: ReadCustodyDeps,
  principal: Principal,
  id: string,
  { kind, actor, day, next, limit }: HistoryFilter & Pick<HistoryPage, "next" | "limit">,
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
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    const zone = day === undefined ? "UTC" : await readZone(tx);
    const from = day === undefined ? undefined : momentOf(day, zone, "start");
    const before = day === undefined ? undefined : momentOf(day, zone, "end");
    const page = { next, limit, kinds: kind, actor, from, before };
    return await readHistory(
      tx,
      { kind: "evidence", id },
      audienceOf(principal.roles),
      { namesOf: actorNames, knownOf },
      page,
    );
  });
}
