import {
  Delegation,
  DelegationChoices,
  DelegationList,
  type DelegationQuery,
  type MakeDelegation,
} from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** Reach that one person lends another until a day. */
export class DelegationClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** Given and received; all of the agency for who manages people. Newest first. */
  list(query: Partial<z.input<typeof DelegationQuery>> = {}, signal?: AbortSignal): Promise<DelegationList> {
    const asked = query as Record<string, string | number | undefined>;
    return this.#http.json(DelegationList, "GET", "/api/v1/delegations", { query: asked, signal });
  }
  /** Every one of them, page after page. */
  all(
    query: Omit<Partial<z.input<typeof DelegationQuery>>, "next"> = {},
    signal?: AbortSignal,
  ): AsyncGenerator<Delegation, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  get(id: string, signal?: AbortSignal): Promise<Delegation> {
    return this.#http.json(Delegation, "GET", `/api/v1/delegations/${encodeURIComponent(id)}`, { signal });
  }
  make(delegation: MakeDelegation): Promise<Delegation> {
    return this.#http.json(Delegation, "POST", "/api/v1/delegations", { json: delegation });
  }
  end(id: string, reason: string): Promise<Delegation> {
    return this.#http.json(Delegation, "POST", `/api/v1/delegations/${encodeURIComponent(id)}/end`, {
      json: { reason },
    });
  }
  /** Colleagues to whom reach can be lent, by a part of their name. */
  async choices(q = "", signal?: AbortSignal): Promise<{ id: string; name: string }[]> {
    return (await this.#http.json(DelegationChoices, "GET", "/api/v1/delegations/choices", { query: { q }, signal }))
      .items;
  }
  /** In this browser, from now on: for whoever lent it, or as oneself (null). */
  async actUnder(delegationId: string | null): Promise<void> {
    await this.#http.call("PUT", this.#http.url("/api/v1/acting"), { json: { delegationId } });
  }
}
