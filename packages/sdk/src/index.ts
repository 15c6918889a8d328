import { type ChooseLanguage, Me } from "@sworn/contract";
import type { z } from "zod";
import { AuditClient } from "./audit-client.ts";
import { CallClient } from "./call-client.ts";
import { CaseClient } from "./case-client.ts";
import { DelegationClient } from "./delegation-client.ts";
import { DerivativeClient } from "./derivative-client.ts";
import { EvidenceClient } from "./evidence-client.ts";
import { HealthClient } from "./health-client.ts";
import { HttpClient, type ClientOptions } from "./http-client.ts";
import { IncidentClient } from "./incident-client.ts";
import { KeyClient } from "./key-client.ts";
import { LockClient } from "./lock-client.ts";
import { LogClient } from "./log-client.ts";
import { MarkerClient } from "./marker-client.ts";
import { OrganisationClient } from "./organisation-client.ts";
import { PeopleClient } from "./people-client.ts";
import { RecordingClient } from "./recording-client.ts";
import { RetentionClient } from "./retention-client.ts";
import { SharingClient } from "./sharing-client.ts";
import { ShiftClient } from "./shift-client.ts";
import { SessionClient } from "./session-client.ts";
import { SignInClient } from "./sign-in-client.ts";
import { UploadClient } from "./upload-client.ts";
import { ViewsClient } from "./views-client.ts";

export { AuditClient } from "./audit-client.ts";
export { CallClient } from "./call-client.ts";
export { CaseClient } from "./case-client.ts";
export { contentDigest } from "./content-digest.ts";
export { DerivativeClient } from "./derivative-client.ts";
export { everyPage, type Page } from "./every-page.ts";
export { EvidenceClient, type EvidenceQuery } from "./evidence-client.ts";
export { HealthClient } from "./health-client.ts";
export { HttpClient, type CallOptions, type ClientOptions, type Query } from "./http-client.ts";
export { IncidentClient } from "./incident-client.ts";
export { KeyClient } from "./key-client.ts";
export { type Lockable, LockClient } from "./lock-client.ts";
export { LogClient } from "./log-client.ts";
export { MarkerClient } from "./marker-client.ts";
export { MatterClient, type PageQuery } from "./matter-client.ts";
export { OrganisationClient } from "./organisation-client.ts";
export { PeopleClient } from "./people-client.ts";
export { RecordingClient, type PutOptions } from "./recording-client.ts";
export { RetentionClient } from "./retention-client.ts";
export { SharingClient } from "./sharing-client.ts";
export { ShiftClient } from "./shift-client.ts";
export { SessionClient } from "./session-client.ts";
export { SignInClient } from "./sign-in-client.ts";
export { SwornError, type ClientCode, type SwornErrorCode } from "./sworn-error.ts";
export { playOf, UploadClient, type Play, type SendOptions, type UploadFacts } from "./upload-client.ts";
export { ViewsClient } from "./views-client.ts";
export { blobSource, bytesSource, type UploadSource } from "./upload-source.ts";

/**
 * A Sworn server, from a browser, a camera or Node (18 or newer). Every call throws SwornError with a closed `code`.
 *
 *     const sworn = new Sworn({ url: "https://evidence.example.org", token });
 *     for await (const item of sworn.evidence.all()) console.log(item.title, item.sha256);
 */
export class Sworn {
  readonly evidence: EvidenceClient;
  readonly recordings: RecordingClient;
  readonly uploads: UploadClient;
  readonly locks: LockClient;
  readonly log: LogClient;
  readonly keys: KeyClient;
  readonly people: PeopleClient;
  readonly session: SessionClient;
  readonly signIn: SignInClient;
  readonly organisation: OrganisationClient;
  readonly retention: RetentionClient;
  readonly markers: MarkerClient;
  readonly audit: AuditClient;
  readonly health: HealthClient;
  readonly incidents: IncidentClient;
  readonly calls: CallClient;
  readonly cases: CaseClient;
  readonly shifts: ShiftClient;
  readonly views: ViewsClient;
  readonly delegations: DelegationClient;
  readonly derivatives: DerivativeClient;
  readonly sharing: SharingClient;
  /** For addresses that have no method of their own yet. */
  readonly http: HttpClient;
  readonly #options: ClientOptions;
  constructor(options: ClientOptions) {
    this.#options = options;
    this.http = new HttpClient(options);
    // Takes have numbers of their own; of passwords not even a digest is kept under a key.
    const keyless = new HttpClient({ ...options, idempotencyKey: null });
    this.evidence = new EvidenceClient(this.http);
    this.recordings = new RecordingClient(keyless);
    this.uploads = new UploadClient(keyless);
    this.locks = new LockClient(this.http);
    this.log = new LogClient(this.http);
    this.keys = new KeyClient(this.http);
    this.people = new PeopleClient(this.http);
    this.session = new SessionClient(keyless);
    this.signIn = new SignInClient(keyless);
    this.organisation = new OrganisationClient(this.http);
    this.health = new HealthClient(this.http);
    this.audit = new AuditClient(this.http);
    this.retention = new RetentionClient(this.http);
    this.markers = new MarkerClient(this.http);
    this.incidents = new IncidentClient(this.http);
    this.calls = new CallClient(this.http);
    this.cases = new CaseClient(this.http);
    this.shifts = new ShiftClient(this.http);
    this.views = new ViewsClient(this.http);
    this.delegations = new DelegationClient(this.http);
    this.derivatives = new DerivativeClient(this.http);
    this.sharing = new SharingClient(this.http);
  }
  /**
   * For one request under a key of your own, which stays the same when your program starts anew:
   * `sworn.under("row-17-of-2026-11-20").incidents.create(...)`. A second request under it is `key-reused`.
   */
  under(idempotencyKey: string): Sworn {
    return new Sworn({ ...this.#options, idempotencyKey });
  }
  /** Who the key or the session belongs to. */
  me(signal?: AbortSignal): Promise<Me> {
    return this.http.json(Me, "GET", "/api/v1/me", { signal });
  }
  /** The language of your screens on every browser; null: what each browser asks for. */
  async chooseLanguage(language: z.input<typeof ChooseLanguage>["language"]): Promise<void> {
    await this.http.call("PUT", this.http.url("/api/v1/me/language"), { json: { language } });
  }
  /** Whether a letter tells you that somebody named you in a note. */
  async chooseMail(mentions: boolean): Promise<void> {
    await this.http.call("PUT", this.http.url("/api/v1/me/mail"), { json: { mentions } });
  }
}
