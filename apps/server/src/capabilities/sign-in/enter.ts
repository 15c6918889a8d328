import { Problem } from "@sworn/contract";
import type { Accounts, Asked, Caller, Entry, Proof } from "../../ports/accounts.ts";
import type { Principal } from "../../ports/http.ts";
import type { Notify } from "../../ports/notify.ts";
import type { Log } from "../../ports/log.ts";
import { append } from "../custody/index.ts";
import { accountOf, beginTry, type Try } from "./count-tries.ts";
import { knownBrowsers } from "./known-browser.ts";
import { type LockOutDeps, noteLockOut, personOf } from "./lock-outs.ts";
import { sessionOf } from "./own-sessions.ts";
import { once } from "./used-codes.ts";

export interface DoorDeps extends LockOutDeps {
  readonly accounts: Accounts;
  readonly log: Log;
  readonly publicUrl: () => string;
  readonly notify: Notify;
}

/** How somebody came in, for the log. */
export type Method = "password" | "password and code" | "password and recovery code" | "passkey" | "identity provider";

/** What the browser is told of a step: whether there is a session now, and its cookies. */
export interface Step {
  readonly entered: boolean;
  readonly cookies: readonly string[];
}

/**
 * One try with e-mail and password. Counted before the password is looked at; told apart by nothing, time included,
 * whether the account exists. Where codes are in use there is no session yet: the second half follows.
 * `sign-in-refused`, `sign-in-locked`, `rate-limited`, `csrf-refused`.
 */
export async function enter(
  deps: DoorDeps,
  caller: Caller,
  credentials: { email: string; password: string },
): Promise<Step> {
  return await tryEntry(deps, caller, credentials.email, "password", () => deps.accounts.enter(caller, credentials));
}

/**
 * The second half, by the cookie of the first. Wrong codes count with wrong passwords, so that who knows the password
 * has five of both together. `code-wrong`, `sign-in-expired`, `sign-in-locked`.
 */
export async function enterSecond(deps: DoorDeps, caller: Caller, proof: Proof): Promise<Step> {
  const waiting = await deps.accounts.waiting(caller);
  if (waiting === null) throw new Problem("sign-in-expired");
  const method = "code" in proof ? "password and code" : "password and recovery code";
  const step = (): Promise<Entry> => once(deps, waiting.email, proof, () => deps.accounts.enterSecond(caller, proof));
  return await tryEntry(deps, caller, waiting.email, method, step, "code-wrong");
}

/** Proves a second factor within a session that began without one. `code-wrong`, `sign-in-locked`. */
export async function proveSecond(deps: DoorDeps, caller: Caller, principal: Principal, proof: Proof): Promise<void> {
  const own = sessionOf(principal);
  if (!(await deps.accounts.factors(own.accountId)).totp) throw new Problem("code-wrong");
  const { email } = await deps.database.forAgency(principal.agencyId, (tx) =>
    tx.selectFrom("sworn.person").select("email").where("id", "=", principal.actorId).executeTakeFirstOrThrow(),
  );
  const attempt = await beginAt(deps, caller, email);
  const { outcome } = await judged(attempt, () => once(deps, email, proof, () => deps.accounts.prove(caller, proof)));
  if (outcome !== "entered") return await refuse(deps, attempt, email, caller, "code-wrong");
  await deps.accounts.noteSession(own.id, { strong: true });
  await attempt.right();
}

/** What to ask a browser for; the cookies hold what was asked. `rate-limited`. */
export async function beginByPasskey(deps: DoorDeps, caller: Caller): Promise<Asked & { options: object }> {
  const { options, cookies } = await deps.accounts.beginPasskeyEntry(caller);
  if (options === null) throw new Problem("rate-limited");
  return { options, cookies };
}

/**
 * Signs in with a passkey, which stands for both factors. Nothing is counted and no lock-out holds: there is nothing to
 * guess, and its owner comes in while others guess at the password. `passkey-refused`.
 */
export async function enterByPasskey(deps: DoorDeps, caller: Caller, response: object): Promise<Step> {
  const { outcome, session, cookies } = await deps.accounts.enterByPasskey(caller, response);
  if (outcome === "limited") throw new Problem("rate-limited");
  if (outcome === "forged") throw new Problem("csrf-refused");
  if (session === null || !(await admit(deps, session, "passkey"))) throw new Problem("passkey-refused");
  return { entered: true, cookies };
}

/** Any step that may open a session: counted, judged, told of. */
async function tryEntry(
  deps: DoorDeps,
  caller: Caller,
  email: string,
  method: Method,
  step: () => Promise<Entry>,
  wrong: "sign-in-refused" | "code-wrong" = "sign-in-refused",
): Promise<Step> {
  const attempt = await beginAt(deps, caller, email);
  const entry = await judged(attempt, step);
  if (entry.outcome === "second-factor") {
    await attempt.undone(); // half of a sign-in: what was wrong before stays counted
    return { entered: false, cookies: entry.cookies };
  }
  if (entry.session === null || !(await admit(deps, entry.session, method)))
    return await refuse(deps, attempt, email, caller, wrong);
  await attempt.right();
  return { entered: true, cookies: [...entry.cookies, ...attempt.known] };
}

interface Attempt extends Try {
  /** The `set-cookie` line for a browser that becomes known to the account. */
  readonly known: readonly string[];
}

async function beginAt(deps: DoorDeps, caller: Caller, email: string): Promise<Attempt> {
  const account = accountOf(deps, email);
  const browsers = knownBrowsers(deps.secret);
  const known = browsers.read(account, caller.headers["cookie"]);
  const attempt = await beginTry(deps, account, known ?? "");
  const secure = deps.publicUrl().startsWith("https:");
  return { ...attempt, known: known === null ? [browsers.line(account, secure)] : [] };
}

async function judged(attempt: Try, step: () => Promise<Entry>): Promise<Entry> {
  let entry: Entry;
  try {
    entry = await step();
  } catch (error) {
    await attempt.undone();
    throw error;
  }
  if (entry.outcome !== "limited" && entry.outcome !== "forged") return entry;
  await attempt.undone();
  throw new Problem(entry.outcome === "limited" ? "rate-limited" : "csrf-refused");
}

async function refuse(
  deps: DoorDeps,
  attempt: Try,
  email: string,
  caller: Caller,
  code: "sign-in-refused" | "code-wrong",
): Promise<never> {
  const until = attempt.wrong();
  // The answer does not wait for it: only of an account that exists is there anything to write.
  if (until !== null) void tell(deps, noteLockOut(deps, email, until, caller.ip));
  throw new Problem(code);
}

/** Lets a session stand that just began, with its event. False, and no session, where it is nobody's who may come in. */
export async function admit(
  deps: DoorDeps,
  session: { readonly id: string; readonly accountId: string },
  method: Method,
  more: { readonly strong?: boolean; readonly linked?: string } = {},
): Promise<boolean> {
  try {
    const person = await personOf(deps, session.accountId);
    if (person === null) {
      await deps.accounts.endSessions(session.accountId, { only: session.id });
      return false;
    }
    if (more.strong ?? method !== "password") await deps.accounts.noteSession(session.id, { strong: true });
    await deps.database.forAgency(person.agencyId, (tx) =>
      append(tx, deps.custody, person.agencyId, {
        kind: "person.signed-in",
        subject: { kind: "person", id: person.id },
        actorId: person.id,
        details: { method, ...(more.linked === undefined ? {} : { linked: more.linked }) },
      }),
    );
    return true;
  } catch (error) {
    // What the log cannot tell of does not happen.
    await deps.accounts.endSessions(session.accountId, { only: session.id });
    throw error;
  }
}

async function tell(deps: DoorDeps, noting: Promise<void>): Promise<void> {
  try {
    await noting;
  } catch (err) {
    deps.log.error({ err }, "a lock-out could not be noted");
  }
}
