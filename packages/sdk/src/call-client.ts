import {
  type Call,
  type CallFilter,
  CallIncident,
  CallList,
  CallPage,
  CallPut,
  CallsChanged,
  CallsOfItem,
  ImportAnswer,
  type ImportTable,
  type PutCall,
} from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** Calls of dispatch, and the footage that shows them. */
export class CallClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** One page, newest first. With a state, a page may hold fewer than asked for while `next` leads on. */
  list(query: CallFilter = {}, signal?: AbortSignal): Promise<CallList> {
    return this.#http.json(CallList, "GET", "/api/v1/calls", { query: { ...query } as Record<string, string>, signal });
  }
  /** Every one of them, page after page. */
  all(query: Omit<CallFilter, "next"> = {}, signal?: AbortSignal): AsyncGenerator<Call, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  get(id: string, signal?: AbortSignal): Promise<CallPage> {
    return this.#http.json(CallPage, "GET", this.#path(id), { signal });
  }
  /** The whole call, under dispatch's own number; the same again changes nothing. */
  put(number: string, call: PutCall): Promise<CallPut> {
    return this.#http.json(CallPut, "PUT", `/api/v1/calls/by-number/${encodeURIComponent(number)}`, { json: call });
  }
  /** `dryRun` says what would happen. */
  import(table: ImportTable): Promise<ImportAnswer> {
    return this.#http.json(ImportAnswer, "POST", "/api/v1/calls/import", { json: table, timeoutMs: 120_000 });
  }
  /** What is surely right, for these calls. */
  acceptRight(ids: readonly string[], dryRun = false): Promise<CallsChanged> {
    return this.#post("/api/v1/calls/accept", { ids, dryRun });
  }
  accept(id: string, evidenceIds: readonly string[]): Promise<CallsChanged> {
    return this.#post(`${this.#path(id)}/evidence/accept`, { evidenceIds });
  }
  refuse(id: string, evidenceIds: readonly string[]): Promise<CallsChanged> {
    return this.#post(`${this.#path(id)}/evidence/refuse`, { evidenceIds });
  }
  /** What was said of these items is taken back. */
  undecide(id: string, evidenceIds: readonly string[]): Promise<CallsChanged> {
    return this.#post(`${this.#path(id)}/evidence/undecide`, { evidenceIds });
  }
  move(id: string, to: string, evidenceIds: readonly string[]): Promise<CallsChanged> {
    return this.#post(`${this.#path(id)}/evidence/move`, { to, evidenceIds });
  }
  /** No footage is expected: of the badge, or of all that have none. */
  settle(ids: readonly string[], reason: string, badge?: string): Promise<CallsChanged> {
    return this.#post("/api/v1/calls/settle", { ids, reason, ...(badge === undefined ? {} : { badge }) });
  }
  unsettle(ids: readonly string[], badge?: string): Promise<CallsChanged> {
    return this.#post("/api/v1/calls/unsettle", { ids, ...(badge === undefined ? {} : { badge }) });
  }
  /** Makes an incident of it, or joins it to the one with this number. */
  toIncident(id: string, number?: string): Promise<CallIncident> {
    const json = number === undefined ? {} : { number };
    return this.#http.json(CallIncident, "POST", `${this.#path(id)}/incident`, { json });
  }
  async ofItem(evidenceId: string, signal?: AbortSignal): Promise<z.output<typeof CallsOfItem>["items"]> {
    const path = `/api/v1/evidence/${encodeURIComponent(evidenceId)}/calls`;
    return (await this.#http.json(CallsOfItem, "GET", path, { signal })).items;
  }
  #path(id: string): string {
    return `/api/v1/calls/${encodeURIComponent(id)}`;
  }
  #post(path: string, json: object): Promise<CallsChanged> {
    return this.#http.json(CallsChanged, "POST", path, { json });
  }
}
