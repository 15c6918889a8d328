import * as oidc from "openid-client";
import { type IdentityProvider, ProviderError } from "../../ports/identity-provider.ts";
import type { Log } from "../../ports/log.ts";

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  /** For each of its answers. */
  readonly secondsToWait?: number;
}

/** What it says of itself is read anew after so long. */
const DISCOVERED_FOR_MS = 3600_000;

/**
 * The provider named in the configuration, found by discovery at the first sign-in: a provider that is down when the
 * server starts holds up nobody with a password. Signatures of id tokens are checked, though they come over TLS.
 */
export function openProvider(options: ProviderOptions, log: Log): IdentityProvider {
  const plain = new URL(options.issuer).protocol === "http:"; // on this machine alone: see main/config
  let found: { config: oidc.Configuration; at: number } | null = null;
  const discover = async (): Promise<oidc.Configuration> => {
    if (found !== null && performance.now() - found.at < DISCOVERED_FOR_MS) return found.config;
    const config = await oidc.discovery(new URL(options.issuer), options.clientId, options.clientSecret, undefined, {
      timeout: options.secondsToWait ?? 8,
      execute: [
        oidc.enableNonRepudiationChecks, // oxlint-disable-next-line typescript/no-deprecated -- marked so to be noticed: loopback alone comes here
        ...(plain ? [oidc.allowInsecureRequests] : []),
      ],
    });
    found = { config, at: performance.now() };
    return config;
  };
  const known = async (step: string): Promise<oidc.Configuration> => {
    try {
      return await discover();
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, `the identity provider could not be asked (${step})`);
      throw new ProviderError("unavailable", error);
    }
  };
  return {
    name: options.name,
    issuer: options.issuer,
    async begin(redirectUri) {
      const config = await known("begin");
      const verifier = oidc.randomPKCECodeVerifier();
      const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        response_type: "code",
        scope: "openid email",
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      // The browser goes wherever this says: never to a script, nor in the clear to another machine.
      if (url.protocol !== "https:" && !(plain && url.protocol === "http:")) throw new ProviderError("unavailable");
      return { url: url.href, pending };
    },
    async finish(cameBack, { state, nonce, verifier }) {
      const config = await known("finish");
      try {
        const tokens = await oidc.authorizationCodeGrant(config, cameBack, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new ProviderError("failed");
        const asked = typeof claims["email"] !== "string" && config.serverMetadata().userinfo_endpoint !== undefined;
        const about = asked ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) : claims;
        return { subject: claims.sub, verifiedEmail: emailOf(about), methods: methodsOf(claims["amr"]) };
      } catch (error) {
        if (error instanceof ProviderError) throw error;
        const code = codeOf(error);
        if (code !== "cancelled") log.warn({ reason: reasonOf(error) }, "an identity provider's answer was not taken");
        throw new ProviderError(code, error);
      }
    },
  };
}

function emailOf(about: Readonly<Record<string, unknown>>): string | null {
  const { email, email_verified: verified } = about;
  return verified === true && typeof email === "string" && email.length <= 254 ? email : null;
}

function methodsOf(amr: unknown): string[] {
  return Array.isArray(amr) ? amr.filter((each): each is string => typeof each === "string") : [];
}

function codeOf(error: unknown): ProviderError["code"] {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === "access_denied") return "cancelled";
    return ["server_error", "temporarily_unavailable"].includes(error.error) ? "unavailable" : "failed";
  }
  if (error instanceof TypeError && !("code" in error)) return "unavailable"; // what fetch says of a dead line
  if (!(error instanceof oidc.ClientError)) return "failed";
  if (error.code === "OAUTH_TIMEOUT") return "unavailable";
  return error.cause instanceof Response && error.cause.status >= 500 ? "unavailable" : "failed";
}

/** Never the answer itself: it may hold tokens. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error ? ` (${String(error.code)})` : "";
  return `${error.message}${code}`.slice(0, 300);
}
