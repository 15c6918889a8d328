import { type ChangePerson, permits, Problem, Role } from "@sworn/contract";
import { AccountError, type Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { withdrawThoseOf } from "./invitations.ts";
import { assertRoles } from "./people.ts";
import { actorOf, append, type AppendDeps, type NewEvent } from "../custody/index.ts";

export interface ChangePersonDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

/**
 * Changes roles, unit or badge, disables or enables, sets a new password; each with its event, all in one transaction.
 * Afterwards every session of the person has ended; what they invited is withdrawn once they may not invite any more. The
 * password lives with the accounts, so its event comes first: one that says more than happened is better than a new
 * password that nobody can see. `not-found`, `last-admin`, `name-taken`.
 */
export async function changePerson(
  deps: ChangePersonDeps,
  principal: Principal,
  id: string,
  change: ChangePerson,
): Promise<void> {
  const accountId = await deps.database.forAgency(principal.agencyId, (tx) =>
    changeWithin(tx, deps, principal, id, change),
  );
  if (accountId === null) return;
  try {
    if (change.password !== undefined) await deps.accounts.setPassword(accountId, change.password);
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    throw new Problem("request-malformed", error.message, { cause: error });
  } finally {
    await deps.accounts.endSessions(accountId);
  }
}

/** The change with its events, on the caller's transaction; the account whose sessions end once it is committed. */
export async function changeWithin(
  tx: Tx,
  deps: Pick<ChangePersonDeps, "custody" | "clock">,
  principal: Principal,
  id: string,
  change: ChangePerson,
): Promise<string | null> {
  const { agencyId } = principal;
  // All rows, so that of two admins who take each other's role away at once one is refused.
  const people = await tx
    .selectFrom("sworn.person")
    .select(["id", "account_id", "roles", "unit_id", "badge", "disabled_at"])
    .orderBy("id")
    .forUpdate()
    .execute();
  const person = people.find((each) => each.id === id);
  if (person === undefined) throw new Problem("not-found");
  if (change.password !== undefined && person.account_id === null)
    throw new Problem("request-malformed", "This person has no sign-in.");
  const roles = change.roles ?? person.roles;
  if (change.roles !== undefined) assertRoles(change.roles);
  const disabled = change.disabled ?? person.disabled_at !== null;
  const admins = people.filter((each) =>
    each.id === id ? roles.includes("admin") && !disabled : each.roles.includes("admin") && each.disabled_at === null,
  );
  if (admins.length === 0) throw new Problem("last-admin");

  const log = async (event: Pick<NewEvent, "kind" | "details">): Promise<void> => {
    const subject = { kind: "person", id } as const;
    await append(tx, deps.custody, agencyId, { subject, ...actorOf(principal), ...event });
  };
  if (roles.toSorted().join(" ") !== person.roles.toSorted().join(" ")) {
    await set(tx, id, { roles: [...roles] });
    await log({ kind: "person.role-changed", details: { roles: roles.join(" "), before: person.roles.join(" ") } });
  }
  const { unitId = person.unit_id } = change;
  if (unitId !== person.unit_id) {
    const names = await unitNames(tx, [unitId, person.unit_id]);
    if (unitId !== null && names.get(unitId) === undefined)
      throw new Problem("request-malformed", "There is no such unit, or it is no longer in use.");
    await set(tx, id, { unit_id: unitId });
    // Names beside the ids, as they are today: units are renamed.
    const named = (of: string | null): string | null => (of === null ? null : (names.get(of) ?? null));
    await log({
      kind: "person.unit-changed",
      details: { unit: named(unitId), unitId, before: named(person.unit_id), beforeId: person.unit_id },
    });
  }
  const { badge = person.badge } = change;
  if (badge !== person.badge) {
    const same = people.some((each) => each.id !== id && each.badge?.toLowerCase() === badge?.toLowerCase());
    if (badge !== null && same)
      throw new Problem("name-taken", "Somebody has this badge already. Nothing was changed.");
    await set(tx, id, { badge });
    await log({ kind: "person.badge-changed", details: { badge, before: person.badge } });
  }
  if (disabled !== (person.disabled_at !== null)) {
    await set(tx, id, { disabled_at: disabled ? new Date(deps.clock.now()) : null });
    await log({ kind: disabled ? "person.disabled" : "person.enabled" });
  }
  if (disabled || !permits(knownRoles(roles), "person.manage")) await withdrawThoseOf(tx, deps, principal, id);
  if (change.password !== undefined) await log({ kind: "person.password-reset" });
  return person.account_id;
}

/** An archived unit keeps the people it has, and takes no new ones. */
async function unitNames(tx: Tx, ids: readonly [to: string | null, from: string | null]): Promise<Map<string, string>> {
  const [to] = ids;
  const rows = await tx
    .selectFrom("sworn.unit")
    .select(["id", "name", "archived_at"])
    .where(
      "id",
      "in",
      ids.filter((id) => id !== null),
    )
    .execute();
  return new Map(rows.filter((row) => row.id !== to || row.archived_at === null).map(({ id, name }) => [id, name]));
}

type Change =
  | { roles: string[] }
  | { unit_id: string | null }
  | { badge: string | null }
  | { disabled_at: Date | null };

async function set(tx: Tx, id: string, values: Change): Promise<void> {
  await tx.updateTable("sworn.person").set(values).where("id", "=", id).execute();
}

const knownRoles = (roles: readonly string[]): Role[] => roles.flatMap((role) => Role.safeParse(role).data ?? []);
