import { type ChangeRestrictedClass, Device, RestrictedClass } from "@sworn/contract";
import { z } from "zod";
import type { HttpClient } from "./http-client.ts";

const Devices = z.object({ items: z.array(Device) });

/** Cameras, and what a restricted class is called and whom to ask about it: for those who run the agency's server. */
export class OrganisationClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  async devices(signal?: AbortSignal): Promise<z.output<typeof Device>[]> {
    return (await this.#http.json(Devices, "GET", "/api/v1/devices", { signal })).items;
  }
  /** Ends a camera and every key it has, for good. `not-found` where it was ended before. */
  async revokeDevice(id: string): Promise<void> {
    await this.#http.call("DELETE", this.#http.url(`/api/v1/devices/${encodeURIComponent(id)}`));
  }
  /** What is left out stays. Archived, a class takes no new items; those it has stay its own. `name-taken`. */
  changeRestrictedClass(id: string, change: z.input<typeof ChangeRestrictedClass>): Promise<RestrictedClass> {
    const path = `/api/v1/restricted-classes/${encodeURIComponent(id)}`;
    return this.#http.json(RestrictedClass, "PATCH", path, { json: change });
  }
}
