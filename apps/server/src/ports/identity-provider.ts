/** An organisation's own sign-in (OpenID Connect), one for the whole deployment. It knows people, not accounts of ours. */
export interface IdentityProvider {
  /** What the button says. */
  readonly name: string;
  /** Subjects are one person's only together with it. */
  readonly issuer: string;
  /** Where to send a browser, and what must be kept until it comes back. Fails with `unavailable`. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly pending: Pending }>;
  /** Judges what the browser came back with: state, code, and the signed word about who it is. Fails with a code. */
  finish(cameBack: URL, pending: Pending): Promise<Identity>;
}

/** What binds an answer to its question; kept by us, never shown to the browser but for `state`. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Identity {
  /** Theirs for good, unlike the e-mail. */
  readonly subject: string;
  /** Null where the provider does not vouch for it. */
  readonly verifiedEmail: string | null;
  /** How they proved themselves there (RFC 8176), from the signed token alone. */
  readonly methods: readonly string[];
}

/** `cancelled`: by the person, over there; `failed`: an answer that does not hold. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: "unavailable" | "cancelled" | "failed";
  constructor(code: ProviderError["code"], cause?: unknown) {
    super(`the identity provider's answer: ${code}`, { cause });
    this.code = code;
  }
}
