import { Problem, type PutAside, type Today, TODAY_COUNTED, type TodayGroup } from "@sworn/contract";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { TodaySource } from "../../ports/today.ts";

/** Rows that are shown of one kind; the rest is counted. */
const SHOWN = 5;
/** More than this nobody keeps aside: the oldest come back. */
const ASIDE = 1_000;

/** What waits for this person, by kind. A kind of which nothing waits is left out. */
export async function readToday(
  tx: Tx,
  principal: Principal,
  sources: readonly TodaySource[],
  now: Date,
): Promise<Today> {
  const aside = await readAside(tx, principal, now);
  const groups: TodayGroup[] = [];
  // A part of the library that reads slowly must not keep a connection from those who send footage.
  await sql`set local statement_timeout = '8s'`.execute(tx);
  for (const { kind, needs, read } of sources) {
    if (!may(principal, needs)) continue;
    const found = await read(tx, principal, TODAY_COUNTED + 1 + aside.size, now);
    const rows = found.filter(({ key }) => !aside.has(key));
    if (rows.length === 0) continue;
    groups.push({
      kind,
      count: Math.min(rows.length, TODAY_COUNTED),
      capped: rows.length > TODAY_COUNTED,
      rows: rows.slice(0, SHOWN),
    });
  }
  return { groups, aside: aside.size };
}

/** Until a moment, or for good. The same key again takes the new moment. */
export async function putAside(tx: Tx, principal: Principal, { keys, until }: PutAside): Promise<void> {
  const personId = personOf(principal);
  const moment = until === null ? null : new Date(until);
  await tx
    .insertInto("sworn.put_aside")
    .values(
      [...new Set(keys)].map((key) => ({ agency_id: principal.agencyId, person_id: personId, key, until: moment })),
    )
    .onConflict((conflict) => conflict.columns(["person_id", "key"]).doUpdateSet({ until: moment }))
    .execute();
  await sql`
    delete from sworn.put_aside where person_id = ${personId}::uuid and key in (
      select key from sworn.put_aside where person_id = ${personId}::uuid
      order by created_at desc, key offset ${ASIDE})`.execute(tx);
}

/** Without keys: everything. */
export async function takeBack(tx: Tx, principal: Principal, keys: readonly string[] | undefined): Promise<void> {
  let gone = tx.deleteFrom("sworn.put_aside").where("person_id", "=", personOf(principal));
  if (keys !== undefined) gone = gone.where("key", "in", keys);
  await gone.execute();
}

async function readAside(tx: Tx, { personId }: Principal, now: Date): Promise<ReadonlySet<string>> {
  if (personId === null) return new Set();
  const rows = await tx
    .selectFrom("sworn.put_aside")
    .select("key")
    .where("person_id", "=", personId)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", now)]))
    .limit(ASIDE)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

function personOf({ personId }: Principal): string {
  if (personId === null) throw new Problem("not-allowed", "A key is reminded of nothing: this belongs to people.");
  return personId;
}
