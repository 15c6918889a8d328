import { FailedJobs, Health, RetriedJobs, type RetryJobs } from "@sworn/contract";
import type { z } from "zod";
import type { HttpClient } from "./http-client.ts";

/** How the server does, and what of its work failed. */
export class HealthClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  read(signal?: AbortSignal): Promise<Health> {
    return this.#http.json(Health, "GET", "/api/v1/health", { signal });
  }
  failedJobs(signal?: AbortSignal): Promise<FailedJobs> {
    return this.#http.json(FailedJobs, "GET", "/api/v1/jobs/failed", { signal });
  }
  /** Ids from the list, or `all`; answers how many are worked again. */
  async retryJobs(jobs: z.infer<typeof RetryJobs>["jobs"]): Promise<number> {
    return (await this.#http.json(RetriedJobs, "POST", "/api/v1/jobs/retry", { json: { jobs } })).retried;
  }
}
