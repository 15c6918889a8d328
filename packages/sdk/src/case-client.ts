import {
  Case,
  CaseList,
  type ChangeCase,
  type ChangeContents,
  ContentsAnswer,
  type CreateCase,
  type Incident,
  IncidentList,
  type MatterFilter,
} from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";
import { MatterClient } from "./matter-client.ts";

/** Cases: incidents and evidence prepared for somebody. */
export class CaseClient extends MatterClient {
  constructor(http: HttpClient) {
    super(http, "/api/v1/cases");
  }
  /** One page, newest first. */
  list(query: MatterFilter = {}, signal?: AbortSignal): Promise<CaseList> {
    return this.http.json(CaseList, "GET", "/api/v1/cases", { query: { ...query } as Record<string, string>, signal });
  }
  /** Every one of them, page after page. */
  all(query: Omit<MatterFilter, "next"> = {}, signal?: AbortSignal): AsyncGenerator<Case, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  /** `name-taken` for a number that is used. */
  create(file: CreateCase): Promise<Case> {
    return this.http.json(Case, "POST", "/api/v1/cases", { json: file });
  }
  get(id: string, signal?: AbortSignal): Promise<Case> {
    return this.http.json(Case, "GET", this.at(id), { signal });
  }
  /** What is left out stays. */
  change(id: string, change: ChangeCase): Promise<Case> {
    return this.http.json(Case, "PATCH", this.at(id), { json: change });
  }
  async incidents(id: string, signal?: AbortSignal): Promise<Incident[]> {
    return (await this.http.json(IncidentList, "GET", this.at(id, "/incidents"), { signal })).items;
  }
  put(id: string, contents: z.input<typeof ChangeContents>): Promise<ContentsAnswer> {
    return this.http.json(ContentsAnswer, "POST", this.at(id, "/contents/add"), { json: contents });
  }
  takeOut(id: string, contents: z.input<typeof ChangeContents>): Promise<ContentsAnswer> {
    return this.http.json(ContentsAnswer, "POST", this.at(id, "/contents/remove"), { json: contents });
  }
}
