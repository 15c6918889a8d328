import { sql } from "kysely";
import type { Database, Tx } from "../../ports/database.ts";
import type { Begun, KeptAnswers } from "../../ports/kept-answers.ts";

/** Of one asker in one day; a program that sends more has no use for a key per request. */
const MOST = 2_000;

/** In a table of its own, under row-level security like everything of an agency. */
export function keepAnswers(database: Database): KeptAnswers {
  return {
    begin: (who, key, requestSha256) =>
      database.forAgency(who.agencyId, async (tx): Promise<Begun> => {
        // A few at a time: whoever begins one pays for two that are old.
        await sql`delete from sworn.kept_answer where (agency_id, actor_id, key) in (
          select agency_id, actor_id, key from sworn.kept_answer
          where begun_at < now() - interval '1 day' order by begun_at limit 2 for update skip locked)`.execute(tx);
        const [mine] = await tx
          .deleteFrom("sworn.kept_answer")
          .where("actor_id", "=", who.actorId)
          .where("key", "=", key)
          .where("begun_at", "<", sql<Date>`now() - interval '1 day'`)
          .execute();
        // What is known is answered before anything is counted: at the limit, too, nothing is carried out twice.
        const known = await knownOf(tx, who.actorId, key, requestSha256);
        if (known !== null) return known;
        const again = mine !== undefined && mine.numDeletedRows > 0n;
        if (!again && (await countOf(tx, who.actorId)) >= MOST) return { state: "too-many" };
        const inserted = await tx
          .insertInto("sworn.kept_answer")
          .values({ agency_id: who.agencyId, actor_id: who.actorId, key, request_sha256: requestSha256 })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if ((inserted.numInsertedOrUpdatedRows ?? 0n) > 0n) return { state: "new" };
        // Null: forgotten in this very moment. Ask again.
        return (await knownOf(tx, who.actorId, key, requestSha256)) ?? { state: "unfinished" };
      }),
    finish: (who, key, { status, body, shown }) =>
      database.forAgency(who.agencyId, async (tx) => {
        await tx
          .updateTable("sworn.kept_answer")
          .set({ status, body, shown: [...shown] })
          .where("actor_id", "=", who.actorId)
          .where("key", "=", key)
          .execute();
      }),
    forget: (who, key) =>
      database.forAgency(who.agencyId, async (tx) => {
        await tx
          .deleteFrom("sworn.kept_answer")
          .where("actor_id", "=", who.actorId)
          .where("key", "=", key)
          .where("status", "is", null)
          .execute();
      }),
  };
}

/** What is known of a key; null: nothing. */
async function knownOf(tx: Tx, actorId: string, key: string, requestSha256: Uint8Array): Promise<Begun | null> {
  const found = await tx
    .selectFrom("sworn.kept_answer")
    .select(["request_sha256", "status", "body", "shown"])
    .where("actor_id", "=", actorId)
    .where("key", "=", key)
    .executeTakeFirst();
  if (found === undefined) return null;
  if (Buffer.compare(found.request_sha256, requestSha256) !== 0) return { state: "other-request" };
  if (found.status === null) return { state: "unfinished" };
  return { state: "answered", status: found.status, body: found.body, shown: found.shown };
}

async function countOf(tx: Tx, actorId: string): Promise<number> {
  const { count } = await tx
    .selectFrom("sworn.kept_answer")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("actor_id", "=", actorId)
    .executeTakeFirstOrThrow();
  return count;
}
