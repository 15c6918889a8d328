import { type ApiKey, ApiKeyPage, type CreateKey, MadeKey } from "@sworn/contract";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** API keys of programs, for those who manage them. A key itself cannot: it makes no keys. */
export class KeyClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** Newest first, those that ended too; `next` is the cursor of the following page, or null. */
  list(cursor?: string, signal?: AbortSignal): Promise<{ items: ApiKey[]; next: string | null }> {
    return this.#http.json(ApiKeyPage, "GET", "/api/v1/keys", { query: { cursor }, signal });
  }
  /** Every key, page after page. */
  all(signal?: AbortSignal): AsyncGenerator<ApiKey, void> {
    return everyPage((next) => this.list(next, signal));
  }
  /** The token is in the answer and nowhere else. `key-exceeds` where its maker may not do all that it could. */
  create(key: CreateKey): Promise<MadeKey> {
    return this.#http.json(MadeKey, "POST", "/api/v1/keys", { json: key, idempotencyKey: null });
  }
  async revoke(id: string): Promise<void> {
    await this.#http.call("DELETE", this.#http.url(`/api/v1/keys/${encodeURIComponent(id)}`));
  }
}
