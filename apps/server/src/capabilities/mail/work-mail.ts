import { Language, permits, Role } from "@sworn/contract";
import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Job } from "../../ports/jobs.ts";
import { type Letter, MailError } from "../../ports/mail.ts";
import type { Notice } from "../../ports/notify.ts";
import type { LetterTable } from "../../ports/sign-in-tables.ts";
import { lockedPeople, whoSees } from "../access/index.ts";
import { compose, linkTo } from "./compose.ts";
import type { MailDeps } from "./mail-deps.ts";
import { openText } from "./seal-text.ts";

type Row = Selectable<LetterTable>;

/** Sends one letter, if what it says may still be told. At least once: a server that dies after sending sends again. */
export async function workMail(deps: MailDeps, { agencyId, id }: Job): Promise<void> {
  const { mail } = deps;
  const written = await deps.database.forAgency(agencyId, async (tx) => {
    const row = await tx.selectFrom("sworn.letter").selectAll().where("id", "=", id).executeTakeFirst();
    if (row === undefined || row.state !== "waiting") return null;
    const letter = await write(tx, deps, row);
    if (letter === null) await end(tx, deps, id, "dropped", "no longer to be told");
    return letter;
  });
  if (written === null) return;
  if (mail === null) throw new Error("no mail server is configured any more");
  try {
    await mail.send(written);
  } catch (error) {
    if (!(error instanceof MailError) || !error.permanent) throw error;
    deps.log.warn({ id, why: error.message }, "a letter was refused");
    await deps.database.forAgency(agencyId, (tx) => end(tx, deps, id, "refused", error.message));
    return;
  }
  await deps.database.forAgency(agencyId, (tx) => end(tx, deps, id, "sent", null));
}

async function end(tx: Tx, deps: MailDeps, id: string, state: Row["state"], why: string | null): Promise<void> {
  const set = { state, why: why?.slice(0, 200) ?? null, ended_at: new Date(deps.clock.now()), secret: null };
  await tx.updateTable("sworn.letter").set(set).where("id", "=", id).execute();
}

async function write(tx: Tx, deps: MailDeps, row: Row): Promise<Letter | null> {
  const agency = await tx.selectFrom("sworn.agency").selectAll().executeTakeFirstOrThrow();
  const kind = row.kind as Notice["kind"];
  const to = await reader(tx, deps, row);
  if (to === null) return null;
  const language = Language.safeParse(to.language ?? agency.language).data ?? "en";
  const until = row.about["until"];
  const link = kind === "invited" ? openSecret(deps, row) : pathOf(kind, row.about);
  return compose({
    kind,
    language,
    to,
    fromName: agency.name,
    accent: "#1f5fbf",
    link: link === null ? null : linkTo(deps.publicUrl(), link),
    facts: {
      agency: agency.name,
      person: await nameOf(tx, row.about["by"] ?? row.about["about"]),
      until: until === undefined ? "" : inZone(new Date(until), agency.time_zone, language),
    },
  });
}

const openSecret = (deps: MailDeps, row: Row): string | null =>
  row.secret === null ? null : openText(deps.secret, row.id, row.secret);

function pathOf(kind: Notice["kind"], about: Row["about"]): string | null {
  if (kind === "mentioned") return `/evidence/${about["evidence"] ?? ""}`;
  return kind === "shared" || kind === "share-ending" ? "/" : null;
}

/** Whoever gets it, if it may be told to them now. */
async function reader(
  tx: Tx,
  deps: MailDeps,
  row: Row,
): Promise<(Letter["to"] & { readonly language: string | null }) | null> {
  if (row.person_id === null) {
    if (row.address === null || row.secret === null) return null;
    return { name: row.name ?? "", address: row.address, language: row.language };
  }
  const person = await tx
    .selectFrom("sworn.person")
    .select(["name", "email", "language", "mail_mentions", "roles"])
    .where("id", "=", row.person_id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (person === undefined || !(await mayTell(tx, deps, row, row.person_id, person))) return null;
  return { name: person.name, address: person.email, language: person.language };
}

async function mayTell(
  tx: Tx,
  deps: MailDeps,
  row: Row,
  personId: string,
  { mail_mentions: mentions, roles }: { readonly mail_mentions: boolean; readonly roles: readonly string[] },
): Promise<boolean> {
  const { share, evidence, about } = row.about;
  // Of somebody else's account only who manages people now is told.
  if (about !== undefined)
    return permits(
      roles.flatMap((role) => Role.safeParse(role).data ?? []),
      "person.manage",
    );
  if (row.kind === "mentioned") {
    if (!mentions || evidence === undefined) return false;
    const item = { evidenceId: evidence, permission: "marker.read" } as const;
    const seeing = await whoSees(tx, row.agency_id, item, [personId]);
    return seeing.length > 0 && !(await lockedPeople(tx, evidence, [personId])).has(personId);
  }
  if (share === undefined) return true;
  const held = await tx
    .selectFrom("sworn.share")
    .innerJoin("sworn.share_person", "sworn.share_person.share_id", "sworn.share.id")
    .select("sworn.share.id")
    .where("sworn.share.id", "=", share)
    .where("sworn.share_person.person_id", "=", personId)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", new Date(deps.clock.now()))
    .executeTakeFirst();
  return held !== undefined;
}

async function nameOf(tx: Tx, id: string | undefined): Promise<string> {
  if (id === undefined) return "";
  const person = await tx.selectFrom("sworn.person").select("name").where("id", "=", id).executeTakeFirst();
  return person?.name ?? "";
}

function inZone(at: Date, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { timeZone, dateStyle: "long", timeStyle: "short" }).format(at);
}
