import {
  type ChangePerson,
  type ImportAnswer,
  type ImportPeople,
  type ImportRow,
  PersonRole,
  Problem,
  rolesGoTogether,
  type RowError,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import { answerOf, errorOf, keepImport, openImport, type Row, RowRefusal, writes } from "../imports/index.ts";
import { changeWithin } from "./change-person.ts";
import { findUnits, type UnitPaths } from "./find-units.ts";
import { type InvitationDeps, inviteWithin } from "./invitations.ts";

type PersonRole = z.infer<typeof PersonRole>;
const INVITED_DAYS = 14;

interface Sent {
  readonly name: string;
  readonly email: string;
  readonly roles: readonly PersonRole[];
  /** Empty: said nothing of it. */
  readonly badge: string;
  readonly unit: string;
}
interface Planned {
  readonly line: number;
  readonly sent: Sent;
  readonly row: ImportRow;
  /** Who is here already, and what would change of them. */
  readonly here?: { readonly id: string; readonly change: ChangePerson };
}
interface Known {
  readonly id: string;
  readonly roles: readonly string[];
  readonly unit_id: string | null;
  readonly badge: string | null;
}

/**
 * People from a table: who is not here is invited, with unit and badge for when they come in; who is here is changed only
 * where their e-mail is named in `change`. All in one transaction; sessions of those who changed end after it.
 */
export async function importPeople(
  deps: InvitationDeps,
  principal: Principal,
  request: z.output<typeof ImportPeople>,
): Promise<ImportAnswer> {
  if (request.makeUnits && !may(principal, "unit.manage")) throw new Problem("not-allowed");
  const ended: string[] = [];
  const answer = await deps.database.forAgency(principal.agencyId, async (tx) => {
    const opened = await openImport(tx, "people", request, readPerson);
    const units = await findUnits(
      tx,
      opened.good.map(({ value }) => value.unit),
    );
    const { planned, errors } = await plan(tx, principal, opened.good, units, request);
    const rows = planned.map(({ row }) => row);
    const all = [...opened.errors, ...errors];
    if (writes(opened, rows)) {
      if (request.makeUnits) await units.make(tx, deps, principal);
      await keepImport(tx, deps, principal, opened, rows, all);
      for (const each of planned) {
        const account = await carryOut(tx, deps, principal, each, units);
        if (account !== null) ended.push(account);
      }
    }
    return answerOf(opened, rows, all, { at: deps.clock.now(), units: units.missing });
  });
  for (const account of ended) await deps.accounts.endSessions(account);
  return answer;
}

function readPerson(row: Row): Sent {
  const email = row.needed("email", 254).toLowerCase();
  if (!z.email().safeParse(email).success) throw new RowRefusal("email", "email", email);
  const said = row.needed("roles", 300);
  const roles = said
    .toLowerCase()
    .split(/[\s,;/|]+/u)
    .filter((role) => role !== "")
    .map((role) => {
      // Cameras have keys; no person is one.
      if (role === "device") throw new RowRefusal("role-beyond", "roles", role);
      const known = PersonRole.safeParse(role);
      if (!known.success) throw new RowRefusal("role-unknown", "roles", role);
      return known.data;
    });
  if (!rolesGoTogether(roles)) throw new RowRefusal("roles-apart", "roles", said);
  return {
    email,
    name: row.needed("name", 200),
    roles: [...new Set(roles)],
    badge: row.text("badge", 40),
    unit: row.text("unit", 400),
  };
}

async function plan(
  tx: Tx,
  principal: Principal,
  good: readonly { readonly line: number; readonly value: Sent }[],
  units: UnitPaths,
  request: z.output<typeof ImportPeople>,
): Promise<{ planned: Planned[]; errors: RowError[] }> {
  const people = await tx.selectFrom("sworn.person").select(["id", "email", "roles", "unit_id", "badge"]).execute();
  const byEmail = new Map(people.map((person) => [person.email.toLowerCase(), person]));
  const badges = new Map(people.flatMap(({ badge, email }) => (badge === null ? [] : [[badge.toLowerCase(), email]])));
  const invited = await tx
    .selectFrom("sworn.invitation")
    .select(["email"])
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .execute();
  const waiting = new Set(invited.map(({ email }) => email.toLowerCase()));
  const wanted = new Set(request.change.map((email) => email.toLowerCase()));
  const seen = new Set<string>();
  const planned: Planned[] = [];
  const errors: RowError[] = [];
  for (const { line, value: sent } of good) {
    try {
      if (seen.has(sent.email)) throw new RowRefusal("twice", "email", sent.email);
      seen.add(sent.email);
      const holder = sent.badge === "" ? undefined : badges.get(sent.badge.toLowerCase());
      if (holder !== undefined && holder.toLowerCase() !== sent.email)
        throw new RowRefusal("badge-taken", "badge", sent.badge);
      if (sent.badge !== "") badges.set(sent.badge.toLowerCase(), sent.email);
      if (sent.unit !== "" && units.idOf(sent.unit) === null && !request.makeUnits)
        throw new RowRefusal("unit-unknown", "unit", sent.unit);
      const known = byEmail.get(sent.email);
      const row = { line, label: sent.email, says: saysOf(sent), changes: [] };
      if (known === undefined)
        planned.push({ line, sent, row: { ...row, outcome: waiting.has(sent.email) ? "unchanged" : "added" } });
      else planned.push(planChange(principal, known, sent, units, row, wanted.has(sent.email)));
    } catch (error) {
      errors.push(errorOf(line, error));
    }
  }
  return { planned, errors };
}

/** Empty cells say nothing: a badge or a unit is taken away by hand, not by what a table leaves out. */
function planChange(
  principal: Principal,
  known: Known,
  sent: Sent,
  units: UnitPaths,
  row: Omit<ImportRow, "outcome">,
  wanted: boolean,
): Planned {
  const changes: ImportRow["changes"] = [];
  const note = (field: string, before: string, after: string): boolean => {
    if (before === after) return false;
    changes.push({ field, before, after });
    return true;
  };
  const unitId = sent.unit === "" ? known.unit_id : units.idOf(sent.unit);
  const unit = sent.unit !== "" && (unitId === null || unitId !== known.unit_id);
  const [had, has] = [known.roles.toSorted().join(" "), sent.roles.toSorted().join(" ")];
  const roles = note("roles", had, has);
  const badge = sent.badge !== "" && note("badge", known.badge ?? "", sent.badge);
  if (unit) note("unit", known.unit_id === null ? "" : units.nameOf(known.unit_id), sent.unit);
  // What somebody may do themselves is not theirs to change by a file.
  if (roles && known.id === principal.personId) throw new RowRefusal("role-beyond", "roles", has);
  const change: ChangePerson = {
    ...(roles ? { roles: [...sent.roles] } : {}),
    ...(badge ? { badge: sent.badge } : {}),
    ...(unit && unitId !== null ? { unitId } : {}),
  };
  const outcome = changes.length === 0 ? "unchanged" : wanted ? "changed" : "offered";
  return { line: row.line, sent, row: { ...row, changes, outcome }, here: { id: known.id, change } };
}

/**
 * The account whose sessions end, or nothing. What could be refused of a row was refused before; a refusal here means that
 * somebody did the same at this moment, and nothing of the table is written.
 */
async function carryOut(
  tx: Tx,
  deps: InvitationDeps,
  principal: Principal,
  { sent, row, here }: Planned,
  units: UnitPaths,
): Promise<string | null> {
  if (row.outcome !== "added" && row.outcome !== "changed") return null;
  const unitId = sent.unit === "" ? null : units.idOf(sent.unit);
  if (here !== undefined) {
    const change = unitId === null ? here.change : { ...here.change, unitId };
    return await changeWithin(tx, deps, principal, here.id, change);
  }
  const { name, email, roles, badge } = sent;
  const invitation = { name, email, roles: [...roles], unitId, days: INVITED_DAYS };
  await inviteWithin(tx, deps, principal, { ...invitation, ...(badge === "" ? {} : { badge }) });
  return null;
}

const saysOf = ({ name, roles, badge, unit }: Sent): ImportRow["says"] => [
  { field: "name", value: name },
  { field: "roles", value: roles.join(" ") },
  { field: "badge", value: badge },
  { field: "unit", value: unit },
];
