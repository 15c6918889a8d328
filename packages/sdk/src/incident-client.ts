import {
  type ChangeIncident,
  type CreateIncident,
  type EndLock,
  type GiveIncident,
  Incident,
  IncidentList,
  IncidentsOfItem,
  type MatterFilter,
  MembershipAnswer,
  type PlaceLock,
  type RecordStatement,
  StatementLock,
  StatementLocks,
  Suggestions,
} from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";
import { MatterClient } from "./matter-client.ts";

/** One person of a lock. */
export interface LockOf {
  readonly lock: string;
  readonly person: string;
}
const lockPath = ({ lock, person }: LockOf, verb: string): string =>
  `/locks/${encodeURIComponent(lock)}/people/${encodeURIComponent(person)}/${verb}`;

type Membership = z.output<typeof MembershipAnswer>;

/** Incidents, and what belongs to them. */
export class IncidentClient extends MatterClient {
  constructor(http: HttpClient) {
    super(http, "/api/v1/incidents");
  }
  /** One page, newest first. */
  list(query: MatterFilter = {}, signal?: AbortSignal): Promise<IncidentList> {
    return this.http.json(IncidentList, "GET", "/api/v1/incidents", {
      query: { ...query } as Record<string, string>,
      signal,
    });
  }
  /** Every one of them, page after page. */
  all(query: Omit<MatterFilter, "next"> = {}, signal?: AbortSignal): AsyncGenerator<Incident, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  /** `name-taken` for a number that is used. */
  create(incident: CreateIncident): Promise<Incident> {
    return this.http.json(Incident, "POST", "/api/v1/incidents", { json: incident });
  }
  get(id: string, signal?: AbortSignal): Promise<Incident> {
    return this.http.json(Incident, "GET", this.at(id), { signal });
  }
  /** What is left out stays. */
  change(id: string, change: ChangeIncident): Promise<Incident> {
    return this.http.json(Incident, "PATCH", this.at(id), { json: change });
  }
  /** At most 500 items. With `dryRun` it answers what would change and changes nothing. */
  add(
    id: string,
    ids: readonly string[],
    options: { how?: "hand" | "suggested"; dryRun?: boolean } = {},
  ): Promise<Membership> {
    return this.http.json(MembershipAnswer, "POST", this.at(id, "/evidence"), { json: { ids, ...options } });
  }
  remove(id: string, ids: readonly string[]): Promise<Membership> {
    return this.http.json(MembershipAnswer, "POST", this.at(id, "/evidence/remove"), { json: { ids } });
  }
  /** By number; an incident that is not there is made. */
  give(request: GiveIncident): Promise<Membership> {
    return this.http.json(MembershipAnswer, "POST", "/api/v1/evidence/incident", { json: request });
  }
  /** Statement-first locks, the newest first. */
  async locks(id: string, signal?: AbortSignal): Promise<StatementLock[]> {
    return (await this.http.json(StatementLocks, "GET", this.at(id, "/locks"), { signal })).items;
  }
  lock(id: string, lock: z.input<typeof PlaceLock>): Promise<StatementLock> {
    return this.http.json(StatementLock, "POST", this.at(id, "/locks"), { json: lock });
  }
  recordStatement(id: string, of: LockOf, statement: z.input<typeof RecordStatement>): Promise<StatementLock> {
    return this.http.json(StatementLock, "POST", this.at(id, lockPath(of, "statement")), { json: statement });
  }
  endLock(id: string, of: LockOf, end: z.input<typeof EndLock>): Promise<StatementLock> {
    return this.http.json(StatementLock, "POST", this.at(id, lockPath(of, "end")), { json: end });
  }
  async suggestions(id: string, signal?: AbortSignal): Promise<z.output<typeof Suggestions>["items"]> {
    return (await this.http.json(Suggestions, "GET", this.at(id, "/suggestions"), { signal })).items;
  }
  /** Those an item belongs to, as far as the asker sees them. */
  async ofItem(evidenceId: string, signal?: AbortSignal): Promise<z.output<typeof IncidentsOfItem>["items"]> {
    const path = `/api/v1/evidence/${encodeURIComponent(evidenceId)}/incidents`;
    return (await this.http.json(IncidentsOfItem, "GET", path, { signal })).items;
  }
}
