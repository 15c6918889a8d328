import {
  type ChangeTask,
  type CreateTask,
  MatterItems,
  Note,
  Notes,
  Task,
  Tasks,
  Timeline,
  type MatterItem,
  type TimelineEntry,
} from "@sworn/contract";
import type { z } from "zod";
import { everyPage } from "./every-page.ts";
import type { HttpClient } from "./http-client.ts";

export interface PageQuery {
  readonly limit?: number;
  /** Where the last page ended. */
  readonly next?: string;
}

const from = (next: string | undefined): PageQuery => (next === undefined ? {} : { next });

/** What incidents and cases have in common: items, notes, tasks, timeline. */
export class MatterClient {
  protected readonly http: HttpClient;
  readonly #path: string;
  constructor(http: HttpClient, path: string) {
    this.http = http;
    this.#path = path;
  }
  protected at(id: string, rest = ""): string {
    return `${this.#path}/${encodeURIComponent(id)}${rest}`;
  }

  /** Items the asker may see, oldest first. */
  evidence(id: string, query: PageQuery = {}, signal?: AbortSignal): Promise<z.output<typeof MatterItems>> {
    return this.http.json(MatterItems, "GET", this.at(id, "/evidence"), { query: { ...query }, signal });
  }
  allEvidence(id: string, signal?: AbortSignal): AsyncGenerator<MatterItem, void> {
    return everyPage((next) => this.evidence(id, from(next), signal));
  }
  /** Footage, notes and changes, oldest first. A page may be shorter than asked for. */
  timeline(id: string, query: PageQuery = {}, signal?: AbortSignal): Promise<z.output<typeof Timeline>> {
    return this.http.json(Timeline, "GET", this.at(id, "/timeline"), { query: { ...query }, signal });
  }
  wholeTimeline(id: string, signal?: AbortSignal): AsyncGenerator<TimelineEntry, void> {
    return everyPage((next) => this.timeline(id, from(next), signal));
  }
  /** Newest first. */
  notes(id: string, query: PageQuery = {}, signal?: AbortSignal): Promise<z.output<typeof Notes>> {
    return this.http.json(Notes, "GET", this.at(id, "/notes"), { query: { ...query }, signal });
  }
  allNotes(id: string, signal?: AbortSignal): AsyncGenerator<Note, void> {
    return everyPage((next) => this.notes(id, from(next), signal));
  }
  /** For good: a note is never changed. */
  writeNote(id: string, words: string): Promise<Note> {
    return this.http.json(Note, "POST", this.at(id, "/notes"), { json: { words } });
  }
  async tasks(id: string, signal?: AbortSignal): Promise<Task[]> {
    return (await this.http.json(Tasks, "GET", this.at(id, "/tasks"), { signal })).items;
  }
  createTask(id: string, task: z.input<typeof CreateTask>): Promise<Task> {
    return this.http.json(Task, "POST", this.at(id, "/tasks"), { json: task });
  }
  /** What is left out stays. */
  changeTask(id: string, taskId: string, change: z.input<typeof ChangeTask>): Promise<Task> {
    return this.http.json(Task, "PATCH", this.at(id, `/tasks/${encodeURIComponent(taskId)}`), { json: change });
  }
}
