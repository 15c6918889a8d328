import { type NewTotp, type OwnFactors, Problem } from "@sworn/contract";
import type { Caller, Factors } from "../../ports/accounts.ts";
import type { Principal } from "../../ports/http.ts";
import type { NewEvent } from "../custody/index.ts";
import type { DoorDeps } from "./enter.ts";
import { assertPassword, noteOfSelf, type SessionDeps, sessionOf } from "./own-sessions.ts";
import { readPolicy } from "./policy.ts";
import { once } from "./used-codes.ts";

export type FactorDeps = DoorDeps & SessionDeps;

export async function readFactors(deps: FactorDeps, principal: Principal): Promise<OwnFactors> {
  const { accountId } = sessionOf(principal);
  const { totp, recoveryCodesLeft } = await deps.accounts.factors(accountId);
  const needed = await isNeeded(deps, principal);
  const passkeys = (await deps.accounts.passkeys(accountId)).map(({ id, name, createdAt }) => ({
    id,
    name,
    createdAt: createdAt.toISOString(),
  }));
  return { needed, totp, recoveryCodesLeft, passkeys };
}

/** A secret for the authenticator app and recovery codes; `confirmTotp` puts them to use. */
export async function beginTotp(
  deps: FactorDeps,
  caller: Caller,
  principal: Principal,
  password: string,
): Promise<NewTotp> {
  const { accountId } = sessionOf(principal);
  if ((await assertMayChange(deps, principal)).totp) throw new Problem("factor-exists");
  await assertPassword(deps, accountId, password);
  const begun = await deps.accounts.beginTotp(caller, password);
  if (begun === null) throw new Problem("factor-exists");
  const secret = new URL(begun.uri).searchParams.get("secret") ?? "";
  return { ...begun, secret };
}

/**
 * The first code of the app: from now on it is asked for. The event comes first: one that says more than happened is
 * better than a way in that nobody can see. Other sessions end; this one goes on under a new cookie.
 */
export async function confirmTotp(
  deps: FactorDeps,
  caller: Caller,
  principal: Principal,
  code: string,
): Promise<readonly string[]> {
  const { accountId } = sessionOf(principal);
  if ((await assertMayChange(deps, principal)).totp) throw new Problem("factor-exists");
  deps.tries.take(accountId, "There were too many wrong codes. Wait a little and try again.");
  const email = await deps.database.forAgency(principal.agencyId, (tx) =>
    tx.selectFrom("sworn.person").select("email").where("id", "=", principal.actorId).executeTakeFirstOrThrow(),
  );
  const entry = await once(deps, email.email, { code }, () => deps.accounts.confirmTotp(caller, code));
  if (entry.session === null) throw new Problem(entry.outcome === "limited" ? "rate-limited" : "code-wrong");
  deps.tries.give(accountId);
  try {
    await note(deps, principal, "person.factor-added", "authenticator app");
  } catch (error) {
    await deps.accounts.removeFactors(accountId, "totp");
    throw error;
  }
  await deps.accounts.noteSession(entry.session.id, { strong: true });
  await deps.accounts.endSessions(accountId, { except: entry.session.id });
  return entry.cookies;
}

/** `last-factor` where a role needs one and nothing else is left. */
export async function removeTotp(deps: FactorDeps, principal: Principal, password: string): Promise<void> {
  const { accountId } = sessionOf(principal);
  const has = await assertMayChange(deps, principal);
  if (!has.totp) throw new Problem("not-found");
  if (has.passkeys === 0 && (await isNeeded(deps, principal))) throw new Problem("last-factor");
  await assertPassword(deps, accountId, password);
  await note(deps, principal, "person.factor-removed", "authenticator app");
  await deps.accounts.removeFactors(accountId, "totp");
}

/** New recovery codes, shown once; the old ones stop working. */
export async function renewRecoveryCodes(
  deps: FactorDeps,
  caller: Caller,
  principal: Principal,
  password: string,
): Promise<string[]> {
  const { accountId } = sessionOf(principal);
  if (!(await assertMayChange(deps, principal)).totp) throw new Problem("not-found");
  await assertPassword(deps, accountId, password);
  await note(deps, principal, "person.factor-added", "recovery codes");
  const codes = await deps.accounts.renewRecoveryCodes(caller, password);
  if (codes === null) throw new Problem("not-found");
  return codes;
}

/**
 * Whoever has a factor shows it before they change any: a password alone must not add another way in beside it. Answers
 * what there is.
 */
export async function assertMayChange(deps: FactorDeps, principal: Principal): Promise<Factors> {
  const { id, accountId } = sessionOf(principal);
  const has = await deps.accounts.factors(accountId);
  if (!has.totp && has.passkeys === 0) return has;
  const session = (await deps.accounts.sessions(accountId)).find((each) => each.id === id);
  if (session?.strong !== true) throw new Problem("second-factor-needed");
  return has;
}

export async function isNeeded(deps: FactorDeps, principal: Principal): Promise<boolean> {
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    const { secondFactor } = await readPolicy(tx);
    // Their own roles, whomever they act for at the moment.
    const person = await tx
      .selectFrom("sworn.person")
      .select("roles")
      .where("id", "=", principal.actorId)
      .executeTakeFirst();
    return [...principal.roles, ...(person?.roles ?? [])].some((role) => secondFactor.some((each) => each === role));
  });
}

export async function note(
  deps: FactorDeps,
  principal: Principal,
  kind: Extract<NewEvent["kind"], "person.factor-added" | "person.factor-removed">,
  factor: string,
): Promise<void> {
  await noteOfSelf(deps, principal, { kind, details: { factor } });
}
