import { type AskRendering, Family, Rendering, RenderingList } from "@sworn/contract";
import type { HttpClient } from "./http-client.ts";

const of = (id: string): string => encodeURIComponent(id);

/** Stills and clips made from an item: items of their own that name what they were made from. */
export class DerivativeClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Answers at once; look again with `get` until it is done, failed or cancelled. Its id is the new item's. */
  make(evidenceId: string, what: AskRendering): Promise<Rendering> {
    return this.#http.json(Rendering, "POST", `/api/v1/evidence/${of(evidenceId)}/renderings`, { json: what });
  }
  /** The newest of an item. */
  async list(evidenceId: string, signal?: AbortSignal): Promise<Rendering[]> {
    const path = `/api/v1/evidence/${of(evidenceId)}/renderings`;
    return (await this.#http.json(RenderingList, "GET", path, { signal })).items;
  }
  get(id: string, signal?: AbortSignal): Promise<Rendering> {
    return this.#http.json(Rendering, "GET", `/api/v1/renderings/${of(id)}`, { signal });
  }
  /** Nothing is kept of it. */
  cancel(id: string): Promise<Rendering> {
    return this.#http.json(Rendering, "POST", `/api/v1/renderings/${of(id)}/cancel`);
  }
  retry(id: string): Promise<Rendering> {
    return this.#http.json(Rendering, "POST", `/api/v1/renderings/${of(id)}/retry`);
  }
  /** The original and what was made from it; what you may not see is not in it. */
  family(evidenceId: string, signal?: AbortSignal): Promise<Family> {
    return this.#http.json(Family, "GET", `/api/v1/evidence/${of(evidenceId)}/family`, { signal });
  }
}
