import {
  type ChangeView,
  type LeaveLibrary,
  type PutAside,
  SavedView,
  SavedViewList,
  type SaveView,
  Today,
  type ViewReach,
} from "@sworn/contract";
import type { z } from "zod";
import type { HttpClient } from "./http-client.ts";

/** How somebody looks at the library: views they keep, and what waits for them. */
export class ViewsClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** Yours first, then those shared with you. */
  list(signal?: AbortSignal): Promise<SavedViewList> {
    return this.#http.json(SavedViewList, "GET", "/api/v1/views", { signal });
  }
  /** `name-taken` where you have one of that name. */
  save(view: z.input<typeof SaveView>): Promise<SavedView> {
    return this.#http.json(SavedView, "POST", "/api/v1/views", { json: view });
  }
  /** Yours alone; `removed: false` takes a removal back. */
  change(id: string, change: z.input<typeof ChangeView>): Promise<SavedView> {
    return this.#http.json(SavedView, "PATCH", `/api/v1/views/${encodeURIComponent(id)}`, { json: change });
  }
  /** With your unit, with the agency, or with nobody again. */
  share(id: string, shared: ViewReach): Promise<SavedView> {
    const path = `/api/v1/views/${encodeURIComponent(id)}/share`;
    return this.#http.json(SavedView, "POST", path, { json: { shared } });
  }
  /** With which view the library opens; null: everything. */
  async chooseDefault(viewId: string | null): Promise<void> {
    await this.#http.call("PUT", this.#http.url("/api/v1/views/default"), { json: { viewId } });
  }
  /** Remembers how you have the library: `list` answers it as `left`. */
  async leave(search: z.input<typeof LeaveLibrary>["search"]): Promise<void> {
    await this.#http.call("PUT", this.#http.url("/api/v1/views/left"), { json: { search }, idempotencyKey: null });
  }
  /** What waits for you, by kind. */
  today(signal?: AbortSignal): Promise<Today> {
    return this.#http.json(Today, "GET", "/api/v1/today", { signal });
  }
  /** Until a moment, or (null) for good. */
  async putAside(aside: PutAside): Promise<void> {
    await this.#http.call("POST", this.#http.url("/api/v1/today/aside"), { json: aside });
  }
  /** Without keys: everything that was put aside. */
  async takeBack(keys?: readonly string[]): Promise<void> {
    const json = keys === undefined ? {} : { keys };
    await this.#http.call("POST", this.#http.url("/api/v1/today/take-back"), { json });
  }
}
