import { type AddMarker, type ChangeMarker, Marker, MarkerHistory, MarkerList, Mentionable } from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

const of = (id: string): string => encodeURIComponent(id);

/** Tags and notes on an item's time line, and on the whole of it. */
export class MarkerClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** A page in the order of the time line; notes on the whole item come first. Reading them is logged as viewing. */
  list(
    evidenceId: string,
    page: { readonly limit?: number; readonly next?: string } = {},
    signal?: AbortSignal,
  ): Promise<MarkerList> {
    return this.#http.json(MarkerList, "GET", `/api/v1/evidence/${of(evidenceId)}/markers`, { query: page, signal });
  }
  /** All pages, one marker after the other. */
  all(evidenceId: string, signal?: AbortSignal): AsyncGenerator<Marker, void> {
    return everyPage((next) => this.list(evidenceId, next === undefined ? {} : { next }, signal));
  }
  /** `place` left out: about the whole item. Who cannot see the item cannot be named (`mention-refused`). */
  add(evidenceId: string, marker: AddMarker): Promise<Marker> {
    return this.#http.json(Marker, "POST", `/api/v1/evidence/${of(evidenceId)}/markers`, { json: marker });
  }
  /** What is left out stays; `removed: false` takes a removal back. */
  change(id: string, change: ChangeMarker): Promise<Marker> {
    return this.#http.json(Marker, "PATCH", `/api/v1/markers/${of(id)}`, { json: change });
  }
  /** Its texts stay in its history. */
  remove(id: string): Promise<Marker> {
    return this.#http.json(Marker, "DELETE", `/api/v1/markers/${of(id)}`);
  }
  /** Every state it had, newest first. */
  history(id: string, signal?: AbortSignal): Promise<z.output<typeof MarkerHistory>> {
    return this.#http.json(MarkerHistory, "GET", `/api/v1/markers/${of(id)}/history`, { signal });
  }
  /** People who can see the item, by a part of their name: for completion while somebody writes. */
  async mentionable(
    evidenceId: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<z.output<typeof Mentionable>["items"]> {
    const path = `/api/v1/evidence/${of(evidenceId)}/mentionable`;
    return (await this.#http.json(Mentionable, "GET", path, { query: { q: name }, signal })).items;
  }
}
