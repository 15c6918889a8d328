import { type EndLock, type PlaceLock, type RecordStatement, StatementLock, StatementLocks } from "@sworn/contract";
import type { z } from "zod";
import type { HttpClient } from "./http-client.ts";
import type { LockOf } from "./incident-client.ts";

/** What is locked: an incident with all that shows it, or one item. */
export interface Lockable {
  readonly kind: "incident" | "evidence";
  readonly id: string;
}

/** Statement-first locks: those involved watch nothing before their statement is recorded. */
export class LockClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** The newest first. */
  async list(of: Lockable, signal?: AbortSignal): Promise<StatementLock[]> {
    return (await this.#http.json(StatementLocks, "GET", pathOf(of), { signal })).items;
  }
  /** Without `personIds`, for whoever recorded it. */
  place(of: Lockable, lock: z.input<typeof PlaceLock>): Promise<StatementLock> {
    return this.#http.json(StatementLock, "POST", pathOf(of), { json: lock });
  }
  recordStatement(of: Lockable, who: LockOf, statement: z.input<typeof RecordStatement>): Promise<StatementLock> {
    return this.#http.json(StatementLock, "POST", `${pathOf(of, who)}/statement`, { json: statement });
  }
  end(of: Lockable, who: LockOf, end: z.input<typeof EndLock>): Promise<StatementLock> {
    return this.#http.json(StatementLock, "POST", `${pathOf(of, who)}/end`, { json: end });
  }
}

function pathOf({ kind, id }: Lockable, who?: LockOf): string {
  const locks = `/api/v1/${kind === "incident" ? "incidents" : "evidence"}/${encodeURIComponent(id)}/locks`;
  if (who === undefined) return locks;
  return `${locks}/${encodeURIComponent(who.lock)}/people/${encodeURIComponent(who.person)}`;
}
