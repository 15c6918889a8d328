import { randomUUID } from "node:crypto";
import { type CreateInvitation, type Invitation, type OpenInvitation, permits, Problem, Role } from "@sworn/contract";
import { type Selectable, sql } from "kysely";
import type { z } from "zod";
import type { Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { Notify } from "../../ports/notify.ts";
import type { Principal } from "../../ports/http.ts";
import type { InvitationTable } from "../../ports/sign-in-tables.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { assertRoles, createAccount, insertPerson } from "./people.ts";
import { refuseWeakPassword } from "./password-rules.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface InvitationDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly publicUrl: () => string;
  readonly notify?: Notify;
}

const DAY_MS = 24 * 3600 * 1000;
/** The mark stands behind "#", so that no proxy's log holds it. */
const link = (deps: Pick<InvitationDeps, "publicUrl">, token: string): string =>
  `${deps.publicUrl()}/invitation#token=${token}`;

type NewInvitation = Omit<z.output<typeof CreateInvitation>, "unitId"> & {
  readonly unitId: string | null;
  /** Theirs once they come in, where it is still free. */
  readonly badge?: string;
};

/** An invitation and its link, which is in this answer and nowhere else. `person-exists`. */
export async function invite(
  deps: Omit<InvitationDeps, "accounts">,
  principal: Principal,
  request: NewInvitation,
): Promise<{ invitation: Invitation; url: string }> {
  const { row, token } = await deps.database.forAgency(principal.agencyId, (tx) =>
    inviteWithin(tx, deps, principal, request),
  );
  return { invitation: describe(row, deps.clock.now()), url: link(deps, token) };
}

/** The invitation with its event and its letter, on the caller's transaction. */
export async function inviteWithin(
  tx: Tx,
  deps: Omit<InvitationDeps, "accounts" | "database">,
  principal: Principal,
  request: NewInvitation,
): Promise<{ row: Row; token: string }> {
  const { agencyId } = principal;
  const email = request.email.toLowerCase();
  assertRoles(request.roles);
  const { token, hash } = newToken("invite");
  await assertInvites(tx, principal);
  const known = await tx.selectFrom("sworn.person").select("id").where("email", "=", email).executeTakeFirst();
  if (known !== undefined) throw new Problem("person-exists");
  const waiting = await openRow(tx).where("email", "=", email).executeTakeFirst();
  if (waiting !== undefined)
    throw new Problem("person-exists", "They were invited before. Make a new link for that invitation instead.");
  const unit = await unitName(tx, request.unitId);
  const row = await tx
    .insertInto("sworn.invitation")
    .values({
      id: randomUUID(),
      agency_id: agencyId,
      name: request.name,
      email,
      roles: [...new Set(request.roles)],
      unit_id: request.unitId,
      badge: request.badge ?? null,
      token_hash: hash,
      invited_by: principal.actorId,
      link_by: principal.actorId,
      expires_at: new Date(deps.clock.now() + request.days * DAY_MS),
      accepted_at: null,
      person_id: null,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await log(tx, deps, principal, "person.invited", row, {
    roles: row.roles.join(" "),
    unit,
    ...(row.badge === null ? {} : { badge: row.badge }),
  });
  await tell(tx, deps, row, token);
  return { row, token };
}

/** A new link in place of the old one, which stops working; seven days from now. */
export async function renew(
  deps: InvitationDeps,
  principal: Principal,
  id: string,
): Promise<{ invitation: Invitation; url: string }> {
  const { token, hash } = newToken("invite");
  const invitation = await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertInvites(tx, principal);
    const row = await tx
      .updateTable("sworn.invitation")
      .set({
        token_hash: hash,
        expires_at: new Date(deps.clock.now() + 7 * DAY_MS),
        link_by: principal.actorId,
      })
      .where("id", "=", id)
      .where("accepted_at", "is", null)
      .where("revoked_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new Problem("not-found");
    await log(tx, deps, principal, "invitation.renewed", row, {});
    await tell(tx, deps, row, token);
    return describe(row, deps.clock.now());
  });
  return { invitation, url: link(deps, token) };
}

/** Where this deployment sends mail; who invites may hand the link over all the same. */
async function tell(
  tx: Tx,
  deps: Pick<InvitationDeps, "notify" | "publicUrl">,
  row: Row,
  token: string,
): Promise<void> {
  const to = { name: row.name, email: row.email };
  const url = link(deps, token);
  await deps.notify?.(tx, row.agency_id, { kind: "invited", to, url, until: row.expires_at, language: null });
}

/** Their row is held: who loses the right in this moment either has their links withdrawn or makes none. */
async function assertInvites(tx: Tx, { personId }: Principal): Promise<void> {
  if (personId === null) return;
  const person = await tx
    .selectFrom("sworn.person")
    .select(["roles", "disabled_at"])
    .where("id", "=", personId)
    .forShare()
    .executeTakeFirst();
  const roles = person?.roles.flatMap((role) => Role.safeParse(role).data ?? []) ?? [];
  if (person === undefined) throw new Problem("not-found");
  if (person.disabled_at !== null || !permits(roles, "person.manage")) throw new Problem("not-allowed");
}

export async function withdraw(deps: InvitationDeps, principal: Principal, id: string): Promise<void> {
  await deps.database.forAgency(principal.agencyId, async (tx) => {
    const row = await tx
      .updateTable("sworn.invitation")
      .set({ revoked_at: new Date(deps.clock.now()) })
      .where("id", "=", id)
      .where("accepted_at", "is", null)
      .where("revoked_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new Problem("not-found");
    await log(tx, deps, principal, "invitation.revoked", row, {});
  });
}

/**
 * Withdraws what somebody invited, and what they made the newest link for, who may not invite any more: they may have kept
 * the links.
 */
export async function withdrawThoseOf(
  tx: Tx,
  deps: Pick<InvitationDeps, "custody" | "clock">,
  principal: Principal,
  inviter: string,
): Promise<void> {
  const rows = await tx
    .updateTable("sworn.invitation")
    .set({ revoked_at: new Date(deps.clock.now()) })
    .where((eb) => eb.or([eb("invited_by", "=", inviter), eb("link_by", "=", inviter)]))
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .returningAll()
    .execute();
  for (const row of rows) await log(tx, deps, principal, "invitation.revoked", row, {});
}

/** Newest first, a page at a time. */
export async function listInvitations(
  tx: Tx,
  now: number,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: Invitation[]; next: string | null }> {
  let query = tx
    .selectFrom("sworn.invitation")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.cursor !== undefined)
    query = query.where(
      sql<boolean>`(created_at, id) < (select c.created_at, c.id from sworn.invitation c where c.id = ${page.cursor})`,
    );
  const rows = await query.execute();
  const items = rows.slice(0, page.limit).map((row) => describe(row, now));
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}

/** Who is invited where, for whoever holds the link. `invitation-used`. */
export async function readInvitation(deps: InvitationDeps, token: string): Promise<OpenInvitation> {
  const agencyId = await agencyOf(deps, token);
  return await deps.database.forAgency(agencyId, async (tx) => {
    const row = await byToken(tx, deps, token);
    const agency = await tx.selectFrom("sworn.agency").select("name").executeTakeFirstOrThrow();
    return { agency: agency.name, name: row.name, email: row.email, expiresAt: row.expires_at.toISOString() };
  });
}

/**
 * Makes the invited person and uses the link up, in one transaction. The account comes first: one without a person opens
 * nothing. `invitation-used`, `password-weak`.
 */
export async function acceptInvitation(
  deps: InvitationDeps,
  token: string,
  password: string,
): Promise<{ personId: string }> {
  const open = await readInvitation(deps, token);
  refuseWeakPassword(password, open);
  const agencyId = await agencyOf(deps, token);
  const accountId = await createAccount(deps.accounts, { email: open.email, name: open.name, password });
  try {
    const personId = await deps.database.forAgency(agencyId, (tx) => admit(tx, deps, agencyId, token, accountId));
    return { personId };
  } catch (error) {
    await deps.accounts.remove(accountId); // so that the invitation can be accepted again
    throw error;
  }
}

async function admit(
  tx: Tx,
  deps: InvitationDeps,
  agencyId: string,
  token: string,
  accountId: string,
): Promise<string> {
  const row = await byToken(tx, deps, token, true);
  const { name, email } = row;
  const roles = row.roles.flatMap((role) => Role.safeParse(role).data ?? []);
  const badge = row.badge === null || (await badgeTaken(tx, row.badge)) ? {} : { badge: row.badge };
  const person = { name, email, roles, accountId, invitation: row.id, ...badge };
  const personId = await insertPerson(tx, deps, agencyId, null, person);
  await tx
    .updateTable("sworn.invitation")
    .set({ accepted_at: new Date(deps.clock.now()), person_id: personId })
    .where("id", "=", row.id)
    .execute();
  const unit = await unitName(tx, row.unit_id, true);
  if (row.unit_id === null || unit === null) return personId;
  await tx.updateTable("sworn.person").set({ unit_id: row.unit_id }).where("id", "=", personId).execute();
  await append(tx, deps.custody, agencyId, {
    kind: "person.unit-changed",
    subject: { kind: "person", id: personId },
    actorId: null,
    details: { unit, unitId: row.unit_id, before: null, beforeId: null },
  });
  return personId;
}

async function badgeTaken(tx: Tx, badge: string): Promise<boolean> {
  const person = await tx
    .selectFrom("sworn.person")
    .select("id")
    .where((eb) => eb(eb.fn<string>("lower", ["badge"]), "=", badge.toLowerCase()))
    .executeTakeFirst();
  return person !== undefined;
}

async function agencyOf(deps: InvitationDeps, token: string): Promise<string> {
  const found = await deps.database.withoutAgency(
    async (tx) =>
      (await sql<{ agency_id: string }>`select * from sworn.find_invitation(${hashToken(token)})`.execute(tx)).rows[0],
  );
  if (found === undefined) throw new Problem("invitation-used");
  return found.agency_id;
}

type Row = Selectable<InvitationTable>;

// oxlint-disable-next-line typescript/explicit-function-return-type -- the builder's own type
const openRow = (tx: Tx) =>
  tx.selectFrom("sworn.invitation").selectAll().where("accepted_at", "is", null).where("revoked_at", "is", null);

async function byToken(tx: Tx, deps: InvitationDeps, token: string, lock = false): Promise<Row> {
  const open = openRow(tx).where("token_hash", "=", hashToken(token));
  const row = await (lock ? open.forUpdate() : open).executeTakeFirst();
  if (row === undefined || row.expires_at.getTime() <= deps.clock.now()) throw new Problem("invitation-used");
  return row;
}

/** An archived unit takes no new people: who was invited into one comes in without. */
async function unitName(tx: Tx, id: string | null, lenient = false): Promise<string | null> {
  if (id === null) return null;
  const row = await tx
    .selectFrom("sworn.unit")
    .select("name")
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
  if (row === undefined && !lenient)
    throw new Problem("request-malformed", "There is no such unit, or it is no longer in use.");
  return row?.name ?? null;
}

async function log(
  tx: Tx,
  deps: Pick<InvitationDeps, "custody">,
  principal: Principal,
  kind: "person.invited" | "invitation.renewed" | "invitation.revoked",
  row: Row,
  details: Record<string, string | null>,
): Promise<void> {
  const { agencyId } = principal;
  const subject = { kind: "agency", id: agencyId } as const;
  await append(tx, deps.custody, agencyId, {
    kind,
    subject,
    ...actorOf(principal),
    details: { invitation: row.id, ...details },
  });
}

function describe(row: Row, now: number): Invitation {
  const ended = row.accepted_at !== null ? "accepted" : row.revoked_at !== null ? "revoked" : null;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles,
    unitId: row.unit_id,
    state: ended ?? (row.expires_at.getTime() <= now ? "expired" : "open"),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
