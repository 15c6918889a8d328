import { ConsistencyProof, LogPolicy } from "@sworn/contract";
import type { z } from "zod";
import type { HttpClient } from "./http-client.ts";

/** The custody log's public side: nothing here says what was recorded. */
export class LogClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** The newest signed note, as text (C2SP tlog-checkpoint). */
  async checkpoint(signal?: AbortSignal): Promise<string> {
    const url = this.#http.url("/api/v1/log/checkpoint");
    return (await this.#http.call("GET", url, { headers: { accept: "text/plain" }, signal })).text();
  }
  policy(signal?: AbortSignal): Promise<LogPolicy> {
    return this.#http.json(LogPolicy, "GET", "/api/v1/log/policy", { signal });
  }
  consistency(from: number, to: number, signal?: AbortSignal): Promise<z.infer<typeof ConsistencyProof>> {
    return this.#http.json(ConsistencyProof, "GET", "/api/v1/log/proof/consistency", { query: { from, to }, signal });
  }
  /** `tile/0/000.p/5` and the like (C2SP tlog-tiles). */
  async tile(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const url = this.#http.url(`/api/v1/log/${path}`);
    const response = await this.#http.call("GET", url, { headers: { accept: "*/*" }, signal });
    return new Uint8Array(await response.arrayBuffer());
  }
}
