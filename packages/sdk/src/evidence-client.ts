import {
  CaptionsAdded,
  type CorrectTime,
  CustodyHistory,
  Evidence,
  EvidenceFacets,
  EvidenceHits,
  EvidenceList,
  EvidenceMap,
  EvidenceStrips,
  EvidenceTimes,
  EvidenceTotals,
  RelatedFootage,
  TrackFeature,
} from "@sworn/contract";
import type { EvidenceFilter, EvidenceKind, EvidenceState, HistoryFilter } from "@sworn/contract";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** Fields mean "and", the values of one field "any of these". */
export interface EvidenceQuery extends Omit<EvidenceFilter, "kind" | "state"> {
  readonly kind?: EvidenceKind | EvidenceKind[] | undefined;
  readonly state?: EvidenceState | EvidenceState[] | undefined;
  readonly limit?: number | undefined;
  /** Begin with this day of the agency and go back from there. */
  readonly at?: string | undefined;
  /** Where the last page ended. */
  readonly next?: string | undefined;
}

/** The library: what is kept, its bytes, its path and its history. */
export class EvidenceClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Every clock that says when the item was recorded, and every correction. */
  times(id: string, signal?: AbortSignal): Promise<EvidenceTimes> {
    return this.#http.json(EvidenceTimes, "GET", `/api/v1/evidence/${encodeURIComponent(id)}/times`, { signal });
  }
  /** Added, never overwritten; an offset of 0 takes every correction back. */
  correctTime(id: string, correction: CorrectTime): Promise<EvidenceTimes> {
    return this.#http.json(EvidenceTimes, "POST", `/api/v1/evidence/${encodeURIComponent(id)}/times`, {
      json: correction,
    });
  }
  /** Other footage of the same time and place, the likeliest first. */
  related(id: string, signal?: AbortSignal): Promise<RelatedFootage> {
    return this.#http.json(RelatedFootage, "GET", `/api/v1/evidence/${encodeURIComponent(id)}/related`, { signal });
  }
  /** One page, newest first; `next` is null at the end. */
  list(query: EvidenceQuery = {}, signal?: AbortSignal): Promise<EvidenceList> {
    return this.#http.json(EvidenceList, "GET", "/api/v1/evidence", { query: flat(query), signal });
  }
  /** Every item the asker may see, page by page. */
  all(query: Omit<EvidenceQuery, "next"> = {}, signal?: AbortSignal): AsyncGenerator<Evidence, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  totals(
    query: Omit<EvidenceQuery, "next" | "limit" | "at"> = {},
    signal?: AbortSignal,
  ): Promise<{ items: number; durationMs: number; size: number; capped: boolean }> {
    return this.#http.json(EvidenceTotals, "GET", "/api/v1/evidence/totals", { query: flat(query), signal });
  }
  /** Counts of the values that the filter's items have. */
  facets(query: Omit<EvidenceQuery, "next" | "limit" | "at"> = {}, signal?: AbortSignal): Promise<EvidenceFacets> {
    return this.#http.json(EvidenceFacets, "GET", "/api/v1/evidence/facets", { query: flat(query), signal });
  }
  /** Where notes of these items (at most 100) hold the words of a search. Reading lines of notes is an event. */
  hits(q: string, ids: readonly string[], signal?: AbortSignal): Promise<EvidenceHits> {
    return this.#http.json(EvidenceHits, "GET", "/api/v1/evidence/hits", { query: { q, ids: ids.join(",") }, signal });
  }
  /** Where the newest items of a filter lie, gathered in cells; `view` is west,south,east,north. */
  map(
    query: Omit<EvidenceQuery, "next" | "limit" | "at"> & { readonly view: string; readonly columns?: number },
    signal?: AbortSignal,
  ): Promise<EvidenceMap> {
    return this.#http.json(EvidenceMap, "GET", "/api/v1/evidence/map", { query: flat(query), signal });
  }
  get(id: string, signal?: AbortSignal): Promise<Evidence> {
    return this.#http.json(Evidence, "GET", `/api/v1/evidence/${encodeURIComponent(id)}`, { signal });
  }
  /** For a player in the same site; other callers need `media`, which sends the key. */
  mediaUrl(id: string, options: { take?: number } = {}): string {
    return this.#http.url(`/api/v1/evidence/${encodeURIComponent(id)}/media`, { take: options.take });
  }
  posterUrl(id: string): string {
    return this.#http.url(`/api/v1/evidence/${encodeURIComponent(id)}/poster`);
  }
  /** A JPEG of pictures over the whole length; `strips` says which stands where. Asking for it is logged as a preview. */
  storyboardUrl(id: string, take?: number): string {
    return this.#http.url(`/api/v1/evidence/${encodeURIComponent(id)}/storyboard`, { take });
  }
  /** The storyboard's tiles in time and the loudness, of one part; the first that has them where none is named. */
  strips(id: string, take?: number, signal?: AbortSignal): Promise<EvidenceStrips> {
    const path = `/api/v1/evidence/${encodeURIComponent(id)}/strips`;
    return this.#http.json(EvidenceStrips, "GET", path, { query: { take }, signal });
  }
  /** The original's exact bytes, whole or a range; `end` is exclusive. No time limit on the body. */
  media(
    id: string,
    options: { take?: number; start?: number; end?: number; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const ranged = options.start !== undefined || options.end !== undefined;
    const last = options.end === undefined ? "" : String(options.end - 1);
    return this.#http.call("GET", this.mediaUrl(id, options), {
      headers: { accept: "*/*", ...(ranged ? { range: `bytes=${options.start ?? 0}-${last}` } : {}) },
      signal: options.signal,
      timeoutMs: null,
    });
  }
  /** For a player in the same site: the newest captions, as WebVTT. Reading them is viewing. */
  captionsUrl(id: string): string {
    return this.#http.url(`/api/v1/evidence/${encodeURIComponent(id)}/captions`);
  }
  /** Brings captions: WebVTT, of which times and plain texts are kept. */
  addCaptions(id: string, vtt: string): Promise<{ cues: number }> {
    const path = `/api/v1/evidence/${encodeURIComponent(id)}/captions`;
    return this.#http.json(CaptionsAdded, "POST", path, { json: { vtt } });
  }
  /** GeoJSON LineString; arrays in `properties` run in step with its coordinates. */
  track(id: string, options: { take?: number } = {}, signal?: AbortSignal): Promise<TrackFeature> {
    const path = `/api/v1/evidence/${encodeURIComponent(id)}/track`;
    return this.#http.json(TrackFeature, "GET", path, { query: { take: options.take }, signal });
  }
  /** Every event with its proof, whatever the number of pages; all lead to one checkpoint. Reading is itself an event. */
  async custody(id: string, signal?: AbortSignal): Promise<CustodyHistory> {
    const first = await this.custodyPage(id, {}, signal);
    const entries = [...first.entries];
    for (let next = first.next ?? null; next !== null;) {
      const page: CustodyHistory = await this.custodyPage(id, { next }, signal);
      entries.push(...page.entries);
      next = page.next ?? null;
    }
    return { ...first, entries, next: null };
  }
  /** One page of it, or of what a filter leaves of it, from where an earlier page's `next` says. */
  custodyPage(
    id: string,
    query: HistoryFilter & { readonly next?: string; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<CustodyHistory> {
    const path = `/api/v1/evidence/${encodeURIComponent(id)}/custody`;
    return this.#http.json(CustodyHistory, "GET", path, {
      query: { ...query, kind: query.kind?.join(",") },
      signal,
    });
  }
  /** Asks again for probe, poster and positions after they failed. */
  async retryMedia(id: string): Promise<void> {
    await this.#http.call("POST", this.#http.url(`/api/v1/evidence/${encodeURIComponent(id)}/media/retry`));
  }
}

/** Lists stand in an address separated by commas. */
function flat(query: EvidenceQuery): Record<string, string | number | undefined> {
  const entries = Object.entries(query) as [string, string | number | readonly string[] | undefined][];
  return Object.fromEntries(entries.map(([name, value]) => [name, isList(value) ? value.join(",") : value]));
}
const isList = (value: unknown): value is readonly string[] => Array.isArray(value);
