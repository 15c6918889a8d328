import { randomUUID } from "node:crypto";
import { Problem, type SetUp } from "@sworn/contract";
import type { Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import { append, type AppendDeps } from "../custody/index.ts";
import { createAccount, insertPerson } from "./people.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface SetUpDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

const LINK_LIVES_MS = 24 * 3600 * 1000;

/** A one-time token for the first person. Any earlier link that was not used stops working. */
export async function createSetUpLink(deps: SetUpDeps): Promise<string> {
  const { token, hash } = newToken("set-up");
  const now = deps.clock.now();
  await deps.database.withoutAgency(async (tx) => {
    await tx
      .updateTable("sworn.set_up_link")
      .set({ used_at: new Date(now) })
      .where("used_at", "is", null)
      .execute();
    await tx
      .insertInto("sworn.set_up_link")
      .values({ token_hash: hash, expires_at: new Date(now + LINK_LIVES_MS), used_at: null })
      .execute();
  });
  return token;
}

/** True until there is an agency: then nobody can have an account, and only a set-up link leads in. */
export async function isSetUpNeeded(deps: Pick<SetUpDeps, "database">): Promise<boolean> {
  return (await deps.database.agencyIds()).length === 0;
}

export async function isSetUpLinkOpen(deps: SetUpDeps, token: string): Promise<boolean> {
  const link = await deps.database.withoutAgency((tx) =>
    tx.selectFrom("sworn.set_up_link").selectAll().where("token_hash", "=", hashToken(token)).executeTakeFirst(),
  );
  return link !== undefined && link.used_at === null && link.expires_at.getTime() > deps.clock.now();
}

/**
 * The agency, its log entries and its first person, who administers and keeps evidence. The link is used up in the same
 * transaction: a set-up that fails half-way would otherwise leave an agency that nobody can sign in to.
 */
export async function setUp(deps: SetUpDeps, request: SetUp): Promise<{ agencyId: string; personId: string }> {
  assertTimeZone(request.timeZone);
  if (!(await isSetUpLinkOpen(deps, request.token))) throw new Problem("setup-link-used");
  const accountId = await createAccount(deps.accounts, request);
  const agencyId = randomUUID();
  const personId = await deps.database.forAgency(agencyId, async (tx) => {
    const used = await tx
      .updateTable("sworn.set_up_link")
      .set({ used_at: new Date(deps.clock.now()) })
      .where("token_hash", "=", hashToken(request.token))
      .where("used_at", "is", null)
      .where("expires_at", ">", new Date(deps.clock.now()))
      .executeTakeFirst();
    if (used.numUpdatedRows !== 1n) throw new Problem("setup-link-used");
    await insertAgency(tx, deps, agencyId, request.agency, request.timeZone, request.language);
    const { name, email } = request;
    return await insertPerson(tx, deps, agencyId, null, { name, email, roles: ["admin", "custodian"], accountId });
  });
  return { agencyId, personId };
}

export async function createAgency(deps: SetUpDeps, name: string, timeZone: string): Promise<string> {
  assertTimeZone(timeZone);
  const agencyId = randomUUID();
  await deps.database.forAgency(agencyId, (tx) => insertAgency(tx, deps, agencyId, name, timeZone));
  return agencyId;
}

async function insertAgency(
  tx: Tx,
  deps: SetUpDeps,
  id: string,
  name: string,
  timeZone: string,
  language?: SetUp["language"],
): Promise<void> {
  await tx
    .insertInto("sworn.agency")
    .values({ id, name, time_zone: timeZone, language: language ?? null })
    .execute();
  const subject = { kind: "agency", id } as const;
  await append(tx, deps.custody, id, { kind: "agency.created", subject, actorId: null });
}

function assertTimeZone(zone: string): void {
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
  } catch (cause) {
    throw new Problem("request-malformed", `${zone} is not a time zone. Use a name such as America/New_York.`, {
      cause,
    });
  }
}
