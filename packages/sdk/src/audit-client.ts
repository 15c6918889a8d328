import { type AuditFilter, type AuditLine, AuditNames, AuditPage } from "@sworn/contract";
import { everyPage } from "./every-page.ts";
import type { HttpClient, Query } from "./http-client.ts";

/** Who saw, changed and exported what. That it was asked is itself logged. */
export class AuditClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** One page, newest first; `next` is what the page before answered. */
  search(
    filter: AuditFilter,
    page: { readonly next?: string | undefined; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<AuditPage> {
    return this.#http.json(AuditPage, "GET", "/api/v1/audit", { query: { ...toQuery(filter), ...page }, signal });
  }
  /** Every line of a filter, page after page. */
  all(filter: AuditFilter, signal?: AbortSignal): AsyncGenerator<AuditLine, void> {
    return everyPage((next) => this.search(filter, { next, limit: 200 }, signal));
  }
  /** For a link that downloads. */
  exportUrl(filter: AuditFilter, format: "csv" | "pdf"): string {
    return this.#http.url("/api/v1/audit/export", { ...toQuery(filter), format });
  }
  /** The file itself, as it comes. */
  async export(filter: AuditFilter, format: "csv" | "pdf", signal?: AbortSignal): Promise<Response> {
    return await this.#http.call("GET", this.exportUrl(filter, format), {
      headers: { accept: "*/*" },
      signal,
      timeoutMs: null,
    });
  }
  /** People, cameras and keys by a part of their name, or what ids stand for. */
  async names(query: { q: string } | { ids: readonly string[] }, signal?: AbortSignal): Promise<AuditNames["items"]> {
    const asked = "q" in query ? { q: query.q } : { ids: query.ids.join(",") };
    return (await this.#http.json(AuditNames, "GET", "/api/v1/audit/names", { query: asked, signal })).items;
  }
}

function toQuery(filter: AuditFilter): Query {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  ) as Query;
}
