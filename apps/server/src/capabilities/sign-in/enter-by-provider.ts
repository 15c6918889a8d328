import { randomBytes } from "node:crypto";
import { Problem, type ProviderRefusal } from "@sworn/contract";
import type { Accounts, Caller } from "../../ports/accounts.ts";
import { type Identity, type IdentityProvider, type Pending, ProviderError } from "../../ports/identity-provider.ts";
import type { TokenBuckets } from "../../ports/token-buckets.ts";
import { admit, type DoorDeps } from "./enter.ts";
import { personOf } from "./lock-outs.ts";
import { ownPath } from "./own-path.ts";
import { isMultiFactor } from "./rules.ts";

export interface ProviderDeps {
  /** Null: none is set up. */
  readonly provider: IdentityProvider | null;
  /** Each beginning keeps a row for ten minutes. */
  readonly beginnings: TokenBuckets;
}
type Deps = DoorDeps & ProviderDeps & { readonly accounts: Accounts };

export const BACK = "/api/v1/sign-in/provider/callback";
const MINUTES = 10;

/** Where the browser goes, after something by which this browser alone can come back. `provider-unavailable`. */
export async function beginByProvider(
  deps: Deps,
  caller: Caller,
  to: string | undefined,
): Promise<{ url: string; cookies: string[] }> {
  const { provider } = deps;
  if (provider === null) throw new Problem("not-found");
  deps.beginnings.take(caller.ip);
  try {
    const { url, pending } = await provider.begin(deps.publicUrl() + BACK);
    const browser = randomBytes(32).toString("base64url");
    const kept = JSON.stringify({ ...pending, to: ownPath(to, deps.publicUrl()) } satisfies Kept);
    await deps.accounts.keepAside(keyOf(pending.state, browser), kept, new Date(Date.now() + MINUTES * 60_000));
    return { url, cookies: [cookie(deps, browser, MINUTES * 60)] };
  } catch (error) {
    if (error instanceof ProviderError) throw new Problem("provider-unavailable");
    throw error;
  }
}

/** Coming back: always on to a path of our own, with a session or with why there is none. Everything is taken once. */
export async function enterByProvider(
  deps: Deps,
  caller: Caller,
  search: URLSearchParams,
): Promise<{ location: string; cookies: string[] }> {
  const { provider } = deps;
  if (provider === null) throw new Problem("not-found");
  const kept = await takeKept(deps, caller, search.get("state"));
  if (kept === null) return { location: refusedAt("failed"), cookies: [] };
  const cookies = [cookie(deps, "", 0)];
  try {
    const cameBack = new URL(`${deps.publicUrl()}${BACK}?${search.toString()}`);
    const identity = await provider.finish(cameBack, kept);
    const found = await whoIs(deps, provider, identity);
    if (typeof found === "string") return { location: refusedAt(found, kept.to), cookies };
    const entered = await open(deps, caller, found, isMultiFactor(identity.methods), provider.issuer);
    if (entered === null) return { location: refusedAt("disabled", kept.to), cookies };
    return { location: kept.to, cookies: [...cookies, ...entered] };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { location: refusedAt(error.code, kept.to), cookies };
  }
}

type Kept = Pending & { readonly to: string };
const keyOf = (state: string, browser: string): string => `${state} ${browser}`;

/** By the state and by this browser's cookie at once: a link that somebody else began opens nothing here. */
async function takeKept(deps: Deps, caller: Caller, state: string | null): Promise<Kept | null> {
  const [, browser = ""] = /(?:^|;\s*)sworn\.provider=([\w-]{43})(?:;|$)/.exec(caller.headers["cookie"] ?? "") ?? [];
  if (state === null || browser === "") return null;
  const kept = await deps.accounts.takeAside(keyOf(state, browser));
  return kept === null ? null : (JSON.parse(kept) as Kept);
}

/** The account: by the subject, and only the first time by an e-mail that the provider vouches for. */
async function whoIs(
  deps: Deps,
  { issuer }: IdentityProvider,
  { subject, verifiedEmail }: Identity,
): Promise<{ accountId: string; linkedNow: boolean } | ProviderRefusal> {
  const linked = await deps.accounts.linked({ issuer, subject });
  if (linked !== null)
    return (await personOf(deps, linked)) === null ? "disabled" : { accountId: linked, linkedNow: false };
  if (verifiedEmail === null) return "unverified";
  const accountId = await deps.accounts.find(verifiedEmail);
  if (accountId === null) return "unknown";
  if ((await personOf(deps, accountId)) === null) return "disabled";
  if (await deps.accounts.link(accountId, { issuer, subject })) return { accountId, linkedNow: true };
  // Two windows at once are one person; an address that was given to somebody else over there is not.
  const since = await deps.accounts.linked({ issuer, subject });
  return since === accountId ? { accountId, linkedNow: false } : "other-identity";
}

async function open(
  deps: Deps,
  caller: Caller,
  found: { readonly accountId: string; readonly linkedNow: boolean },
  strong: boolean,
  issuer: string,
): Promise<readonly string[] | null> {
  const { session, cookies } = await deps.accounts.enterLinked(caller, found.accountId);
  if (session === null) return null;
  const more = { strong, ...(found.linkedNow ? { linked: issuer } : {}) };
  try {
    return (await admit(deps, session, "identity provider", more)) ? cookies : null;
  } catch (error) {
    if (found.linkedNow) await deps.accounts.unlink(found.accountId, issuer);
    throw error;
  }
}

function refusedAt(reason: ProviderRefusal, to?: string): string {
  return `/sign-in?${new URLSearchParams({ refused: reason, ...(to === undefined ? {} : { to }) }).toString()}`;
}

/** Lax: the browser comes back from another site. It is worth nothing but this one answer. */
function cookie(deps: Deps, browser: string, seconds: number): string {
  const secure = deps.publicUrl().startsWith("https:") ? "; Secure" : "";
  return `sworn.provider=${browser}; Path=/api/v1/sign-in/provider; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}
