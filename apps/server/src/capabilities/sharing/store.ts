import {
  OutsideRole,
  outsideRoles,
  permits,
  Problem,
  type Recipient,
  type Share,
  type SharedWithMe,
  type ShareList,
  type ShareQuery,
} from "@sworn/contract";
import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { ShareTable } from "../../ports/annotation-tables.ts";
import type { Tables } from "../../ports/tables.ts";
import { visibleCase, visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";

/** Reads no evidence, and is to know all the same who outside has access: without a title, without a number. */
const managesPeople = ({ roles }: Principal): boolean =>
  permits(roles, "person.manage") && !permits(roles, "evidence.list");

/** The predicate over `sworn.share` for those inside: shares that hold an item they may see; all for who manages people. */
export function knownShares(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.share">) => Expression<SqlBool> {
  // Who manages people and reads evidence, too, knows of every share; its items still are those they may see.
  if (permits(principal.roles, "person.manage")) return (eb) => eb.lit(true);
  return (eb) => {
    const items = eb
      .selectFrom("sworn.share_item")
      .innerJoin("sworn.evidence", "sworn.evidence.id", "sworn.share_item.evidence_id")
      .select("sworn.evidence.id")
      .whereRef("sworn.share_item.share_id", "=", "sworn.share.id")
      .where(visibleEvidence(principal));
    return eb.exists(items);
  };
}

export async function listShares(
  tx: Tx,
  principal: Principal,
  query: z.output<typeof ShareQuery>,
  now: number,
): Promise<ShareList> {
  const after = query.next === undefined ? null : fromCursor(query.next);
  let shares = tx.selectFrom("sworn.share").selectAll().where(knownShares(principal));
  const { evidence, person } = query;
  if (evidence !== undefined)
    shares = shares.where((eb) =>
      eb.exists(
        eb
          .selectFrom("sworn.share_item")
          .innerJoin("sworn.evidence", "sworn.evidence.id", "sworn.share_item.evidence_id")
          .select("sworn.evidence.id")
          .whereRef("sworn.share_item.share_id", "=", "sworn.share.id")
          .where("sworn.share_item.evidence_id", "=", evidence)
          .where(visibleEvidence(principal)),
      ),
    );
  if (person !== undefined)
    shares = shares.where("id", "in", (eb) =>
      eb.selectFrom("sworn.share_person").select("share_id").where("person_id", "=", person),
    );
  const active = sql<SqlBool>`(revoked_at is null and expires_at > ${new Date(now)})`;
  if (query.state !== undefined) shares = shares.where(query.state === "active" ? active : sql<SqlBool>`not ${active}`);
  if (after !== null) shares = shares.where(sql<SqlBool>`(made_at, id) < (${after.at}, ${after.id}::uuid)`);
  const rows = await shares
    .orderBy("made_at", "desc")
    .orderBy("id", "desc")
    .limit(query.limit + 1)
    .execute();
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: await describeShares(tx, principal, page, now),
    next: rows.length > query.limit && last !== undefined ? toCursor(last) : null,
  };
}

export async function readShare(tx: Tx, principal: Principal, id: string, now: number): Promise<Share> {
  const rows = await tx
    .selectFrom("sworn.share")
    .selectAll()
    .where("id", "=", id)
    .where(knownShares(principal))
    .execute();
  const [share] = await describeShares(tx, principal, rows, now);
  if (share === undefined) throw new Problem("not-found");
  return share;
}

export async function describeShares(
  tx: Tx,
  principal: Principal,
  rows: readonly Selectable<ShareTable>[],
  now: number,
): Promise<Share[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const people = Map.groupBy(
    await tx
      .selectFrom("sworn.share_person")
      .innerJoin("sworn.person", "sworn.person.id", "sworn.share_person.person_id")
      .select(["share_id", "sworn.person.id", "name", "roles"])
      .where("share_id", "in", ids)
      .orderBy("name")
      .execute(),
    (row) => row.share_id,
  );
  const items = managesPeople(principal) ? null : await countItems(tx, principal, ids);
  const cases = await casesOf(tx, principal, rows);
  const names = await actorNames(tx, [
    ...new Set(rows.flatMap((row) => [row.made_by, row.revoked_by]).filter((id) => id !== null)),
  ]);
  return rows.map((row) => ({
    id: row.id,
    state: row.revoked_at !== null ? "revoked" : row.expires_at.getTime() <= now ? "expired" : "active",
    people: (people.get(row.id) ?? []).map(({ id, name, roles }) => ({ id, name, role: outsideRoleOf(roles) })),
    items: items === null ? null : (items.get(row.id) ?? 0),
    mayDownload: row.may_download,
    case: row.case_id === null ? null : (cases.get(row.case_id) ?? null),
    reason: row.reason,
    message: row.message,
    madeBy: names.get(row.made_by) ?? null,
    madeAt: row.made_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedBy: row.revoked_by === null ? null : (names.get(row.revoked_by) ?? null),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokeReason: row.revoke_reason,
  }));
}

async function casesOf(
  tx: Tx,
  principal: Principal,
  rows: readonly { readonly case_id: string | null }[],
): Promise<Map<string, { id: string; number: string }>> {
  const ids = [...new Set(rows.flatMap((row) => row.case_id ?? []))];
  if (ids.length === 0) return new Map();
  const found = await tx
    .selectFrom("sworn.case_file")
    .select(["id", "number"])
    .where("id", "in", ids)
    .where(visibleCase(principal))
    .execute();
  return new Map(found.map((row) => [row.id, row]));
}

const outsideRoleOf = (roles: readonly string[]): OutsideRole | null =>
  roles.flatMap((role) => OutsideRole.safeParse(role).data ?? [])[0] ?? null;

async function countItems(tx: Tx, principal: Principal, shares: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom("sworn.evidence")
    .innerJoin("sworn.share_item", "sworn.share_item.evidence_id", "sworn.evidence.id")
    .select((eb) => ["sworn.share_item.share_id", eb.fn.countAll<number>().as("items")])
    .where("sworn.share_item.share_id", "in", shares)
    .where(visibleEvidence(principal))
    .groupBy("sworn.share_item.share_id")
    .execute();
  return new Map(rows.map(({ share_id: id, items }) => [id, items]));
}

/** What holds now for this principal, what ends first on top. */
export async function listSharedWithMe(tx: Tx, principal: Principal, evidenceId?: string): Promise<SharedWithMe[]> {
  const held = principal.scope?.shares ?? [];
  if (held.length === 0) return [];
  let query = tx.selectFrom("sworn.share").selectAll().where("id", "in", held).orderBy("expires_at").orderBy("id");
  if (evidenceId !== undefined)
    query = query.where("id", "in", (eb) =>
      eb.selectFrom("sworn.share_item").select("share_id").where("evidence_id", "=", evidenceId),
    );
  const rows = await query.execute();
  const ids = rows.map(({ id }) => id);
  const items = ids.length === 0 ? new Map<string, number>() : await countItems(tx, principal, ids);
  const names = await actorNames(tx, [...new Set(rows.map((row) => row.made_by))]);
  const caseIds = [...new Set(rows.flatMap((row) => row.case_id ?? []))];
  // Their share is the only reason that they are told of it: no predicate over cases shows them one.
  const told =
    caseIds.length === 0
      ? []
      : await tx.selectFrom("sworn.case_file").select(["id", "number", "title"]).where("id", "in", caseIds).execute();
  const cases = new Map(told.map((row) => [row.id, row]));
  return rows.map((row) => ({
    case: row.case_id === null ? null : (cases.get(row.case_id) ?? null),
    id: row.id,
    madeBy: names.get(row.made_by) ?? null,
    madeAt: row.made_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    mayDownload: row.may_download,
    message: row.message,
    items: items.get(row.id) ?? 0,
  }));
}

/** Everybody outside who can sign in. */
export async function listRecipients(tx: Tx): Promise<Recipient[]> {
  const rows = await tx
    .selectFrom("sworn.person")
    .select(["id", "name", "email", "roles"])
    .where("disabled_at", "is", null)
    .where(sql<SqlBool>`roles && ${[...outsideRoles]}::text[]`)
    .orderBy("name")
    .execute();
  return rows.flatMap(({ id, name, email, roles }) => {
    const role = outsideRoleOf(roles);
    return role === null ? [] : [{ id, name, email, role }];
  });
}

const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

const toCursor = ({ made_at, id }: { made_at: Date; id: string }): string =>
  Buffer.from(JSON.stringify([made_at.toISOString(), id])).toString("base64url");

function fromCursor(cursor: string): { at: Date; id: string } {
  try {
    const [at, id] = Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { at: new Date(at), id };
  } catch (cause) {
    throw new Problem("request-malformed", "This page link is not one that the list gave.", { cause });
  }
}
