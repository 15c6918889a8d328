import { Problem } from "@sworn/contract";
import type { Asked, Caller } from "../../ports/accounts.ts";
import type { Principal } from "../../ports/http.ts";
import { assertMayChange, type FactorDeps, isNeeded, note } from "./own-factors.ts";
import { assertPassword, sessionOf } from "./own-sessions.ts";

/** More than anybody has keys for. */
const MOST = 20;

/** What to ask the browser for, with the password asked again. */
export async function beginPasskey(
  deps: FactorDeps,
  caller: Caller,
  principal: Principal,
  password: string,
): Promise<Asked & { options: object }> {
  const has = await assertMayChange(deps, principal);
  if (has.passkeys >= MOST) throw new Problem("request-malformed", `There are ${MOST} passkeys. Remove one first.`);
  await assertPassword(deps, sessionOf(principal).accountId, password);
  const { options, cookies } = await deps.accounts.beginPasskey(caller);
  if (options === null) throw new Problem("rate-limited");
  return { options, cookies };
}

/** Keeps what the browser made, with its event. It asked who uses it, so the session is a strong one from here on. */
export async function addPasskey(
  deps: FactorDeps,
  caller: Caller,
  principal: Principal,
  { name, response }: { name: string; response: object },
): Promise<void> {
  const { id, accountId } = sessionOf(principal);
  await assertMayChange(deps, principal);
  const added = await deps.accounts.addPasskey(caller, name, response);
  if (added === null) throw new Problem("passkey-refused");
  try {
    await note(deps, principal, "person.factor-added", "passkey");
  } catch (error) {
    await deps.accounts.removePasskey(accountId, added);
    throw error;
  }
  await deps.accounts.noteSession(id, { strong: true });
}

export async function renamePasskey(deps: FactorDeps, principal: Principal, id: string, name: string): Promise<void> {
  const { accountId } = sessionOf(principal);
  if (!(await deps.accounts.renamePasskey(accountId, id, name))) throw new Problem("not-found");
}

/** `last-factor` where a role needs one and nothing else is left. */
export async function removePasskey(
  deps: FactorDeps,
  principal: Principal,
  id: string,
  password: string,
): Promise<void> {
  const { accountId } = sessionOf(principal);
  const has = await assertMayChange(deps, principal);
  if (!(await deps.accounts.passkeys(accountId)).some((each) => each.id === id)) throw new Problem("not-found");
  if (!has.totp && has.passkeys === 1 && (await isNeeded(deps, principal))) throw new Problem("last-factor");
  await assertPassword(deps, accountId, password);
  await note(deps, principal, "person.factor-removed", "passkey");
  await deps.accounts.removePasskey(accountId, id);
}
