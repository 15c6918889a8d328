import { randomUUID } from "node:crypto";
import { Problem, type Role, rolesGoTogether } from "@sworn/contract";
import { AccountError, type Accounts } from "../../ports/accounts.ts";
import type { Database, Tx } from "../../ports/database.ts";
import { append, type AppendDeps } from "../custody/index.ts";

export interface PeopleDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly custody: AppendDeps;
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly password: string;
  readonly badge?: string;
}

/**
 * A person with a sign-in. The account comes first: if the row after it fails, an account without a person opens
 * nothing; the reverse would be a person nobody can sign in as.
 */
export async function createPerson(
  deps: PeopleDeps,
  agencyId: string,
  actorId: string | null,
  person: NewPerson,
): Promise<{ personId: string }> {
  if (person.roles.includes("device")) throw new Problem("request-malformed", "A person cannot be a device.");
  assertRoles(person.roles);
  const accountId = await createAccount(deps.accounts, person);
  const personId = await deps.database.forAgency(agencyId, (tx) =>
    insertPerson(tx, deps, agencyId, actorId, { ...person, accountId }),
  );
  return { personId };
}

/** Who is outside is outside: another role beside it would open what is sealed from one side or the other. */
export function assertRoles(roles: readonly string[]): void {
  if (!rolesGoTogether(roles))
    throw new Problem("request-malformed", "Prosecutor and defence are roles that somebody has alone.");
}

/** The person of an account, with the event, on the caller's transaction. */
export async function insertPerson(
  tx: Tx,
  deps: Pick<PeopleDeps, "custody">,
  agencyId: string,
  actorId: string | null,
  person: Omit<NewPerson, "password"> & { readonly accountId: string; readonly invitation?: string },
): Promise<string> {
  const personId = randomUUID();
  await tx
    .insertInto("sworn.person")
    .values({
      id: personId,
      agency_id: agencyId,
      account_id: person.accountId,
      name: person.name,
      email: person.email.toLowerCase(),
      badge: person.badge ?? null,
      roles: [...person.roles],
      unit_id: null,
      disabled_at: null,
    })
    .execute();
  // Names stay out of the log: the id stands for the person, the roles for what was given.
  await append(tx, deps.custody, agencyId, {
    kind: "person.created",
    subject: { kind: "person", id: personId },
    actorId,
    details: {
      roles: person.roles.join(" "),
      ...(person.badge === undefined ? {} : { badge: person.badge }),
      ...(person.invitation === undefined ? {} : { invitation: person.invitation }),
    },
  });
  return personId;
}

export async function createAccount(
  accounts: Accounts,
  person: Pick<NewPerson, "email" | "password" | "name">,
): Promise<string> {
  try {
    return (await accounts.create(person)).accountId;
  } catch (error) {
    if (error instanceof AccountError && error.code === "email-taken")
      throw new Problem("request-malformed", error.message);
    throw error;
  }
}

/** Names for the ids that the log holds: people, keys (as the device or key they stand for). */
export async function actorNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  if (ids.length === 0) return names;
  const people = await tx.selectFrom("sworn.person").select(["id", "name"]).where("id", "in", ids).execute();
  for (const { id, name } of people) names.set(id, name);
  const keys = await tx.selectFrom("sworn.api_key").select(["id", "name"]).where("id", "in", ids).execute();
  for (const { id, name } of keys) names.set(id, name);
  return names;
}
