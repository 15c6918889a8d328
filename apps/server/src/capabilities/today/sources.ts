import type { TodayRow } from "@sworn/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { Temporal } from "temporal-polyfill";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { TodaySource } from "../../ports/today.ts";
import { visibleEvidence } from "../access/index.ts";

/** A hold is announced this many days before its review. */
const SOON_DAYS = 14;
/** An upload that nothing was sent to for so long has stopped. */
const IDLE_MINUTES = 10;

/** What the library, intake and retention have for somebody to do. */
export const ownSources: readonly TodaySource[] = [
  {
    kind: "hold-review",
    needs: "hold.manage",
    read: async (tx, principal, most, now) => await readHolds(tx, principal, most, now),
  },
  {
    kind: "uncategorised",
    needs: "evidence.classify",
    read: async (tx, principal, most) =>
      principal.personId === null
        ? []
        : await readItems(
            tx,
            principal,
            "uncategorised",
            sql`categories = 0 and state <> 'disposed' and person_id = ${principal.personId}::uuid`,
            most,
          ),
  },
  {
    kind: "incomplete",
    needs: "evidence.classify",
    read: async (tx, principal, most) => await readItems(tx, principal, "incomplete", sql`state = 'incomplete'`, most),
  },
  {
    kind: "not-playable",
    needs: "evidence.view",
    read: async (tx, principal, most) =>
      await readItems(
        tx,
        principal,
        "not-playable",
        sql`media_state in ('refused', 'failed') and state <> 'disposed'`,
        most,
      ),
  },
  { kind: "upload-unfinished", needs: "upload.create", read: readUploads },
  { kind: "recovery-sheet", needs: "recovery.manage", read: readSheet },
];

async function readItems(
  tx: Tx,
  principal: Principal,
  kind: string,
  which: RawBuilder<unknown>,
  most: number,
): Promise<TodayRow[]> {
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "title", "recorded_at", "received_at"])
    .where(visibleEvidence(principal))
    .where(sql<SqlBool>`${which}`)
    .orderBy("happened_at", "desc")
    .orderBy("id", "desc")
    .limit(most)
    .execute();
  return rows.map(({ id, title, recorded_at, received_at }) => ({
    key: `${kind}:${id}`,
    evidenceId: id,
    title,
    at: (recorded_at ?? received_at).toISOString(),
    due: null,
  }));
}

/** Holds of one's own on items that one may still see, the earliest review first. */
async function readHolds(tx: Tx, principal: Principal, most: number, now: Date): Promise<TodayRow[]> {
  if (principal.personId === null) return [];
  const agency = await tx.selectFrom("sworn.agency").select("time_zone").executeTakeFirst();
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(agency?.time_zone ?? "UTC")
    .toPlainDate();
  const rows = await tx
    .selectFrom("sworn.hold")
    .innerJoin("sworn.evidence", "sworn.evidence.id", "sworn.hold.evidence_id")
    .select([
      "sworn.hold.id",
      "sworn.hold.review_on",
      "sworn.hold.placed_at",
      "sworn.evidence.id as evidenceId",
      "title",
    ])
    .where("sworn.hold.owner_id", "=", principal.personId)
    .where("sworn.hold.released_at", "is", null)
    .where("sworn.hold.review_on", "<=", today.add({ days: SOON_DAYS }).toString())
    .where(visibleEvidence(principal))
    .orderBy("sworn.hold.review_on")
    .orderBy("sworn.hold.id")
    .limit(most)
    .execute();
  return rows.map((row) => ({
    // With its day: a hold that was put aside comes back when it is to be reviewed anew.
    key: `hold-review:${row.id}:${row.review_on}`,
    evidenceId: row.evidenceId,
    title: row.title,
    at: row.placed_at.toISOString(),
    due: row.review_on,
  }));
}

/** One's own uploads that stopped. Their item is not there yet: the upload page goes on with them. */
async function readUploads(tx: Tx, { personId }: Principal, most: number, now: Date): Promise<TodayRow[]> {
  if (personId === null) return [];
  const rows = await tx
    .selectFrom("sworn.upload")
    .select(["id", "name", "last_byte_at"])
    .where("person_id", "=", personId)
    .where("state", "=", "receiving")
    .where("last_byte_at", "<", new Date(now.getTime() - IDLE_MINUTES * 60_000))
    .orderBy("last_byte_at")
    .limit(most)
    .execute();
  return rows.map(({ id, name, last_byte_at }) => ({
    key: `upload-unfinished:${id}`,
    evidenceId: null,
    title: name,
    at: last_byte_at.toISOString(),
    due: null,
  }));
}

async function readSheet(tx: Tx): Promise<TodayRow[]> {
  const row = await tx.selectFrom("sworn.deployment").select(["recovery_sheet_at", "created_at"]).executeTakeFirst();
  if (row === undefined || row.recovery_sheet_at !== null) return [];
  return [{ key: "recovery-sheet", evidenceId: null, title: "", at: row.created_at.toISOString(), due: null }];
}
