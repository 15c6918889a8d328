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
} from "@sworn/contract";
import type { z } from "zod";
import type { HttpClient } from "./http-client.ts";

export interface PageQuery {
  readonly limit?: number;
  /** Where the last page ended. */
  readonly next?: string;
}

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
  async *allEvidence(id: string): AsyncGenerator<MatterItem> {
    for (let next: string | null | undefined; next !== null;) {
      const page: z.output<typeof MatterItems> = await this.evidence(id, next === undefined ? {} : { next });
      yield* page.items;
      next = page.next;
    }
  }
  /** Footage, notes and changes, oldest first. A page may be shorter than asked for. */
  timeline(id: string, query: PageQuery = {}, signal?: AbortSignal): Promise<z.output<typeof Timeline>> {
    return this.http.json(Timeline, "GET", this.at(id, "/timeline"), { query: { ...query }, signal });
  }
  /** Newest first. */
  notes(id: string, query: PageQuery = {}, signal?: AbortSignal): Promise<z.output<typeof Notes>> {
    return this.http.json(Notes, "GET", this.at(id, "/notes"), { query: { ...query }, signal });
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
