import {
  CaseShares,
  SharesEnded,
  MadeShare,
  type MakeShare,
  Recipient,
  Share,
  type SharedWithMe,
  SharedWithMeList,
  ShareList,
  type ShareQuery,
} from "@sworn/contract";
import { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

const Recipients = z.object({ items: z.array(Recipient) });

/** What people of the prosecution and the defence see: shares, made and ended by the agency. */
export class SharingClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** At most 500 items. With `dryRun` it answers what would happen and changes nothing. */
  make(share: MakeShare, signal?: AbortSignal): Promise<MadeShare> {
    return this.#http.json(MadeShare, "POST", "/api/v1/shares", { json: share, signal });
  }
  /** Who outside has what of a case, and what of it is in no share that lasts. */
  ofCase(id: string, signal?: AbortSignal): Promise<CaseShares> {
    return this.#http.json(CaseShares, "GET", `/api/v1/cases/${encodeURIComponent(id)}/shares`, { signal });
  }
  /** Ends every share of a case at once; resolves to their ids. */
  async revokeCase(id: string, reason: string): Promise<string[]> {
    const path = `/api/v1/cases/${encodeURIComponent(id)}/shares/revoke`;
    return (await this.#http.json(SharesEnded, "POST", path, { json: { reason } })).ended;
  }
  /** Shares that hold an item the asker may see, newest first; `next` is null at the end. */
  list(query: z.input<typeof ShareQuery> = {}, signal?: AbortSignal): Promise<ShareList> {
    const { evidence, person, state, limit, next } = query;
    const size = limit === undefined ? {} : { limit: Number(limit) };
    return this.#http.json(ShareList, "GET", "/api/v1/shares", {
      query: { evidence, person, state, next, ...size },
      signal,
    });
  }
  /** Every one of them, page after page. */
  all(query: Omit<z.input<typeof ShareQuery>, "next"> = {}, signal?: AbortSignal): AsyncGenerator<Share, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  read(id: string, signal?: AbortSignal): Promise<Share> {
    return this.#http.json(Share, "GET", `/api/v1/shares/${encodeURIComponent(id)}`, { signal });
  }
  /** Ends a share at once, for everybody it went to. */
  revoke(id: string, reason: string): Promise<Share> {
    return this.#http.json(Share, "POST", `/api/v1/shares/${encodeURIComponent(id)}/revoke`, { json: { reason } });
  }
  /** Whom items can be shared with. */
  async recipients(signal?: AbortSignal): Promise<Recipient[]> {
    return (await this.#http.json(Recipients, "GET", "/api/v1/shares/recipients", { signal })).items;
  }
  /** For people outside: the shares with them that hold now; with `evidence` those that hold this item. */
  async withMe(evidence?: string, signal?: AbortSignal): Promise<SharedWithMe[]> {
    const query = evidence === undefined ? {} : { evidence };
    return (await this.#http.json(SharedWithMeList, "GET", "/api/v1/shared-with-me", { query, signal })).items;
  }
}
