import { type ChangePerson, Person, PersonList } from "@sworn/contract";
import type { HttpClient } from "./http-client.ts";

/** People of the agency, for those who manage them. */
export class PeopleClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  async list(signal?: AbortSignal): Promise<Person[]> {
    return (await this.#http.json(PersonList, "GET", "/api/v1/people", { signal })).items;
  }
  /** Roles, disabled or not, a new password: what is left out stays. Ends every session of the person. `last-admin`. */
  change(id: string, change: ChangePerson, signal?: AbortSignal): Promise<Person> {
    return this.#http.json(Person, "PATCH", `/api/v1/people/${encodeURIComponent(id)}`, { json: change, signal });
  }
}
