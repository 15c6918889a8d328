import {
  type ChangePassword,
  type ChangeSignInPolicy,
  type Session,
  SessionList,
  SessionState,
  SignInPolicy,
} from "@sworn/contract";
import type { HttpClient } from "./http-client.ts";

/** The session behind a cookie, and the other ones of the same person. A key has none: `not-found`. */
export class SessionClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** Answered also while it is locked. */
  state(signal?: AbortSignal): Promise<SessionState> {
    return this.#http.json(SessionState, "GET", "/api/v1/session", { signal });
  }
  async lock(): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/session/lock"), { json: { lock: true } });
  }
  /** `password-wrong`; `rate-limited` after five. */
  async unlock(password: string): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/session/unlock"), { json: { password } });
  }
  async list(signal?: AbortSignal): Promise<Session[]> {
    return (await this.#http.json(SessionList, "GET", "/api/v1/account/sessions", { signal })).items;
  }
  async end(id: string): Promise<void> {
    await this.#http.call("DELETE", this.#http.url(`/api/v1/account/sessions/${encodeURIComponent(id)}`));
  }
  async endOthers(): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/account/sessions/end-others"));
  }
  /** All other sessions end. `password-wrong`, `password-weak`. */
  async changePassword(change: ChangePassword): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/account/password"), { json: change });
  }
  /** What the agency asks of sessions, for those who manage people. */
  policy(signal?: AbortSignal): Promise<SignInPolicy> {
    return this.#http.json(SignInPolicy, "GET", "/api/v1/sign-in-policy", { signal });
  }
  /** What is left out stays as it is. */
  changePolicy(policy: ChangeSignInPolicy): Promise<SignInPolicy> {
    return this.#http.json(SignInPolicy, "PUT", "/api/v1/sign-in-policy", { json: policy });
  }
}
