import {
  type ChangePerson,
  type CreateInvitation,
  ImportAnswer,
  type ImportPeople,
  type Invitation,
  InvitationPage,
  NewInvitation,
  OpenInvitation,
  Person,
  PersonList,
} from "@sworn/contract";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** People of the agency, for those who manage them; and coming in by invitation. */
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
    return this.#http.json(Person, "PATCH", `/api/v1/people/${encodeURIComponent(id)}`, {
      json: change,
      signal,
      idempotencyKey: null,
    });
  }
  /** Invites who is not here; changes who is, as far as named in `change`. `dryRun` says what would happen. */
  import(table: ImportPeople): Promise<ImportAnswer> {
    return this.#http.json(ImportAnswer, "POST", "/api/v1/people/import", { json: table, timeoutMs: 120_000 });
  }
  /** Newest first; `next` is the cursor of the following page, or null. */
  invitations(cursor?: string, signal?: AbortSignal): Promise<{ items: Invitation[]; next: string | null }> {
    return this.#http.json(InvitationPage, "GET", "/api/v1/invitations", { query: { cursor }, signal });
  }
  /** Every invitation, page after page. */
  allInvitations(signal?: AbortSignal): AsyncGenerator<Invitation, void> {
    return everyPage((next) => this.invitations(next, signal));
  }
  /** The answer holds the link, once: hand it to the person it names. `person-exists`. */
  invite(invitation: CreateInvitation): Promise<NewInvitation> {
    return this.#http.json(NewInvitation, "POST", "/api/v1/invitations", { json: invitation, idempotencyKey: null });
  }
  /** A new link, for seven days; the one before stops working. */
  renewInvitation(id: string): Promise<NewInvitation> {
    return this.#http.json(NewInvitation, "POST", `/api/v1/invitations/${encodeURIComponent(id)}/renew`, {
      idempotencyKey: null,
    });
  }
  async withdrawInvitation(id: string): Promise<void> {
    await this.#http.call("DELETE", this.#http.url(`/api/v1/invitations/${encodeURIComponent(id)}`));
  }
  /** Who is invited where, for whoever holds the link's token. `invitation-used`. */
  readInvitation(token: string, signal?: AbortSignal): Promise<OpenInvitation> {
    return this.#http.json(OpenInvitation, "POST", "/api/v1/invitation/check", {
      json: { token },
      signal,
      idempotencyKey: null,
    });
  }
  /** Comes in by invitation with a password of one's own. `invitation-used`, `password-weak`. */
  async acceptInvitation(token: string, password: string): Promise<void> {
    const url = this.#http.url("/api/v1/invitation/accept");
    await this.#http.call("POST", url, { json: { token, password }, idempotencyKey: null });
  }
}
