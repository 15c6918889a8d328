import { randomUUID } from "node:crypto";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Notice, Notify } from "../../ports/notify.ts";
import type { MailDeps } from "./mail-deps.ts";
import { sealText } from "./seal-text.ts";

const DAY_MS = 24 * 3600 * 1000;
const MOST_OF_AGENCY = 2000;
const MOST_OF_ADDRESS = 60;
/** Lock-outs are brought about by strangers: theirs are counted apart, so that nobody uses up the others' letters. */
const MOST_LOCK_OUTS = { agency: 500, address: 10 };
/** Of a letter that left nothing is needed after this; rows go a few at a time. */
const KEPT_DAYS = 90;

/** Writes a letter down and sends its job, on the caller's transaction. */
export function makeNotify(deps: MailDeps): Notify {
  return async (tx, agencyId, notice) => {
    if (deps.mail === null) return;
    const personId = notice.kind === "invited" ? null : notice.personId;
    const address = notice.kind === "invited" ? notice.to.email : null;
    if (await tooMany(tx, deps, { kind: notice.kind, personId, address })) {
      deps.log.warn({ agencyId, kind: notice.kind }, "too many letters today: one was not written");
      return;
    }
    const id = randomUUID();
    await tx
      .insertInto("sworn.letter")
      .values({
        id,
        agency_id: agencyId,
        kind: notice.kind,
        person_id: personId,
        name: notice.kind === "invited" ? notice.to.name : null,
        address,
        language: notice.kind === "invited" ? notice.language : null,
        about: aboutOf(notice),
        secret: notice.kind === "invited" ? sealText(deps.secret, id, notice.url) : null,
        created_at: new Date(deps.clock.now()),
        ended_at: null,
        why: null,
      })
      .execute();
    await deps.jobs.send(tx, "mail", { agencyId, id }, notice.kind === "share-ending" ? notice.at : undefined);
  };
}

function aboutOf(notice: Notice): Record<string, string> {
  if (notice.kind === "mentioned") return { evidence: notice.evidenceId, by: notice.byId };
  const until = notice.until.toISOString();
  if (notice.kind === "shared" || notice.kind === "share-ending") return { share: notice.shareId, until };
  return notice.kind === "locked-out" && notice.about !== undefined ? { until, about: notice.about } : { until };
}

async function tooMany(
  tx: Tx,
  { clock }: Pick<MailDeps, "clock">,
  to: { readonly kind: Notice["kind"]; readonly personId: string | null; readonly address: string | null },
): Promise<boolean> {
  const now = clock.now();
  await sql`delete from sworn.letter where id in (
    select id from sworn.letter where created_at < ${new Date(now - KEPT_DAYS * DAY_MS)} and state <> 'waiting'
    order by created_at limit 4 for update skip locked)`.execute(tx);
  const byStrangers = to.kind === "locked-out";
  const [ofAgency, ofAddress] = byStrangers
    ? [MOST_LOCK_OUTS.agency, MOST_LOCK_OUTS.address]
    : [MOST_OF_AGENCY, MOST_OF_ADDRESS];
  const today = tx
    .selectFrom("sworn.letter")
    .select("id")
    .where("created_at", ">", new Date(now - DAY_MS))
    .where("kind", byStrangers ? "=" : "!=", "locked-out");
  if ((await today.limit(ofAgency).execute()).length >= ofAgency) return true;
  const own = today.where(
    to.personId === null ? sql<SqlBool>`address = ${to.address}` : sql<SqlBool>`person_id = ${to.personId}`,
  );
  return (await own.limit(ofAddress).execute()).length >= ofAddress;
}
