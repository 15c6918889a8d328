import {
  FrontDoor,
  NewRecoveryCodes,
  NewTotp,
  OwnFactors,
  PasskeyOptions,
  ProviderAddress,
  type SecondFactorProof,
  type SignIn,
  SignInAnswer,
  type SignInNotice,
  SignInNoticeList,
  type SignInState,
  SignInStatePage,
} from "@sworn/contract";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** Coming in and going out in a browser, and what happens to accounts at the door. */
export class SignInClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** What the sign-in page shows before anybody is known. */
  frontDoor(signal?: AbortSignal): Promise<FrontDoor> {
    return this.#http.json(FrontDoor, "GET", "/api/v1/sign-in", { signal });
  }
  /** Accepts the agency's notice for users, in the version that was read, for this session. */
  async acceptNotice(version: number): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/session/notice"), { json: { version } });
  }
  /** `sign-in-refused`; `sign-in-locked` after five wrong tries, with the seconds to wait. */
  enter(credentials: SignIn): Promise<SignInAnswer> {
    return this.#http.json(SignInAnswer, "POST", "/api/auth/sign-in/email", { json: credentials });
  }
  /** The second half, where `enter` answered that it has not entered. `code-wrong`, `sign-in-expired`, `sign-in-locked`. */
  enterSecond(proof: SecondFactorProof): Promise<SignInAnswer> {
    return this.#http.json(SignInAnswer, "POST", "/api/v1/sign-in/second-factor", { json: proof });
  }
  /** Proves a second factor within a session that began without it. `code-wrong`, `sign-in-locked`. */
  async proveSecond(proof: SecondFactorProof): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/session/second-factor"), { json: proof });
  }
  /** Where to send the browser to sign in at the organisation's own provider. `provider-unavailable`. */
  async beginByProvider(to?: string): Promise<string> {
    const json = to === undefined ? {} : { to };
    return (await this.#http.json(ProviderAddress, "POST", "/api/v1/sign-in/provider", { json })).url;
  }
  async leave(): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/auth/sign-out"), { json: {} });
  }
  /** What happened to one's own account and was not acknowledged yet. */
  async notices(signal?: AbortSignal): Promise<SignInNotice[]> {
    return (await this.#http.json(SignInNoticeList, "GET", "/api/v1/account/notices", { signal })).items;
  }
  /** Acknowledges a notice and those before it. */
  async seeNotice(id: string): Promise<void> {
    await this.#http.call("POST", this.#http.url(`/api/v1/account/notices/${encodeURIComponent(id)}/seen`));
  }
  /** How everybody's account stands, for those who manage people. */
  states(signal?: AbortSignal): AsyncGenerator<SignInState, void> {
    return everyPage((cursor) =>
      this.#http.json(SignInStatePage, "GET", "/api/v1/sign-in/states", { query: { cursor }, signal }),
    );
  }
  /** Opens a locked account again before its time. */
  async unlockPerson(id: string): Promise<void> {
    await this.#http.call("POST", this.#http.url(`/api/v1/people/${encodeURIComponent(id)}/unlock`));
  }
  /** Takes somebody's second factors away, with a reason; all their sessions end. */
  async resetFactors(id: string, reason: string): Promise<void> {
    const url = this.#http.url(`/api/v1/people/${encodeURIComponent(id)}/factors/reset`);
    await this.#http.call("POST", url, { json: { reason } });
  }
  /** With what one's own account can prove itself beside the password. */
  factors(signal?: AbortSignal): Promise<OwnFactors> {
    return this.#http.json(OwnFactors, "GET", "/api/v1/account/factors", { signal });
  }
  /** A secret for the authenticator app and recovery codes, shown once. `password-wrong`, `factor-exists`. */
  beginTotp(password: string): Promise<NewTotp> {
    return this.#http.json(NewTotp, "POST", "/api/v1/account/totp", { json: { password } });
  }
  /** Puts them to use; other sessions end. `code-wrong`. */
  async confirmTotp(code: string): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/account/totp/confirm"), { json: { code } });
  }
  /** `last-factor` where a role needs one. */
  async removeTotp(password: string): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/account/totp/remove"), { json: { password } });
  }
  /** New ones, shown once; the old ones stop working. */
  async renewRecoveryCodes(password: string): Promise<string[]> {
    const path = "/api/v1/account/recovery-codes";
    return (await this.#http.json(NewRecoveryCodes, "POST", path, { json: { password } })).recoveryCodes;
  }
  /** What to ask the browser for to make a passkey. `password-wrong`. */
  async beginPasskey(password: string): Promise<Record<string, unknown>> {
    const path = "/api/v1/account/passkeys/options";
    return (await this.#http.json(PasskeyOptions, "POST", path, { json: { password } })).options;
  }
  /** Adds the passkey that the browser made. `passkey-refused`. */
  async addPasskey(name: string, response: object): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/account/passkeys"), { json: { name, response } });
  }
  async renamePasskey(id: string, name: string): Promise<void> {
    const url = this.#http.url(`/api/v1/account/passkeys/${encodeURIComponent(id)}`);
    await this.#http.call("PATCH", url, { json: { name } });
  }
  /** `last-factor` where a role needs one. */
  async removePasskey(id: string, password: string): Promise<void> {
    const url = this.#http.url(`/api/v1/account/passkeys/${encodeURIComponent(id)}/remove`);
    await this.#http.call("POST", url, { json: { password } });
  }
  /** What to ask the browser for to sign in with a passkey. */
  async beginByPasskey(): Promise<Record<string, unknown>> {
    return (await this.#http.json(PasskeyOptions, "POST", "/api/v1/sign-in/passkey/options", { json: {} })).options;
  }
  /** `passkey-refused`. */
  enterByPasskey(response: object): Promise<SignInAnswer> {
    return this.#http.json(SignInAnswer, "POST", "/api/v1/sign-in/passkey", { json: { response } });
  }
}
