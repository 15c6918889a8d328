import {
  Assignment,
  AssignmentList,
  type ChangeShift,
  type CreateShift,
  ImportAnswer,
  type ImportTable,
  ShiftChoices,
  type ShiftFilter,
} from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

/** Cameras handed out and brought back: what says whose a recording is. */
export class ShiftClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** One page, the latest first. */
  list(query: ShiftFilter = {}, signal?: AbortSignal): Promise<AssignmentList> {
    return this.#http.json(AssignmentList, "GET", "/api/v1/shifts", {
      query: { ...query } as Record<string, string>,
      signal,
    });
  }
  /** Every one of them, page after page. */
  all(query: Omit<ShiftFilter, "next"> = {}, signal?: AbortSignal): AsyncGenerator<Assignment, void> {
    return everyPage((next) => this.list({ ...query, next }, signal));
  }
  choices(signal?: AbortSignal): Promise<z.output<typeof ShiftChoices>> {
    return this.#http.json(ShiftChoices, "GET", "/api/v1/shifts/choices", { signal });
  }
  /** Camera and person by id, or as scanned: the camera's name, the badge. `shift-overlap` where somebody has it. */
  checkOut(shift: z.input<typeof CreateShift>): Promise<Assignment> {
    return this.#http.json(Assignment, "POST", "/api/v1/shifts", { json: shift });
  }
  /** Camera, badge, from, to of a table; `dryRun` says what would happen. */
  import(table: ImportTable): Promise<ImportAnswer> {
    return this.#http.json(ImportAnswer, "POST", "/api/v1/shifts/import", { json: table, timeoutMs: 120_000 });
  }
  checkIn(device: string): Promise<Assignment> {
    return this.#http.json(Assignment, "POST", "/api/v1/shifts/check-in", { json: { device } });
  }
  /** Recordings of that time go to who wore the camera, as far as the asker sees them. */
  change(id: string, change: z.input<typeof ChangeShift>): Promise<Assignment> {
    return this.#http.json(Assignment, "PATCH", `/api/v1/shifts/${encodeURIComponent(id)}`, { json: change });
  }
}
