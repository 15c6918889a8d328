import { Problem } from "@sworn/contract";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { parseTail, type TakeTail } from "./rules.ts";
import { findOtherNode, findTake, type TakeRow } from "./store.ts";

/** A take as this process knows it. `next` is the number of the fragment it waits for; -1: the init segment. */
export interface OpenTake {
  readonly agencyId: string;
  readonly row: TakeRow;
  readonly key: Uint8Array;
  next: number;
  tail: TakeTail;
  usedAt: number;
}

export interface RegisterDeps {
  readonly database: Database;
  /** Name of this node's spool. */
  readonly node: string;
  readonly spoolKeyOf: (agencyId: string, recordingId: string) => Promise<Uint8Array>;
  readonly now: () => number;
}

const IDLE_MS = 10 * 60_000;

/**
 * What is known of the takes that are being sent, so that a fragment costs one transaction and not five reads. Only a
 * memory: the row decides at commit, and an entry that turns out stale is dropped and read again.
 * Requests of one take run one after the other, in the order they came.
 */
export class TakeRegister {
  readonly #deps: RegisterDeps;
  readonly #takes = new Map<string, OpenTake>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(deps: RegisterDeps) {
    this.#deps = deps;
  }

  /** Runs `work` when everything that came before it for this take is done. */
  async inOrder<T>(recordingId: string, take: number, work: () => Promise<T>): Promise<T> {
    const name = nameOf(recordingId, take);
    const before = this.#queues.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#queues.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(name) === mine) this.#queues.delete(name);
    }
  }

  /** `not-found`, also for another camera's; `wrong-node` while another node holds its newest bytes. */
  async find(principal: Principal, recordingId: string, take: number): Promise<OpenTake> {
    const name = nameOf(recordingId, take);
    const known = this.#takes.get(name);
    const found = known ?? (await this.#read(principal, recordingId, take));
    // What another agency has is as if it were not, whether this process happens to know it or not.
    if (found.agencyId !== principal.agencyId) throw new Problem("not-found");
    // Asked on every request, not only when it is read: another key may come with the same recording's id.
    if (found.row.deviceId !== principal.deviceId) throw new Problem("not-found");
    found.usedAt = this.#deps.now();
    this.#takes.set(name, found);
    return found;
  }

  drop(recordingId: string, take: number): void {
    this.#takes.delete(nameOf(recordingId, take));
  }

  /** After a recording was closed, interrupted or continued: whatever is known of its takes is stale. */
  dropRecording(recordingId: string): void {
    for (const name of this.#takes.keys()) if (name.startsWith(`${recordingId}/`)) this.#takes.delete(name);
  }

  dropIdle(): void {
    const before = this.#deps.now() - IDLE_MS;
    for (const [name, take] of this.#takes) if (take.usedAt < before) this.#takes.delete(name);
  }

  async #read({ agencyId, deviceId }: Principal, recordingId: string, take: number): Promise<OpenTake> {
    const row = await this.#deps.database.forAgency(agencyId, async (tx) => {
      const found = await findTake(tx, recordingId, take);
      if (found === undefined || found.deviceId !== deviceId) throw new Problem("not-found");
      const other = await findOtherNode(tx, found.id, this.#deps.node);
      if (other !== null) throw new Problem("wrong-node");
      return found;
    });
    const key = await this.#deps.spoolKeyOf(agencyId, recordingId);
    const next = row.initSha256 === null ? -1 : row.fragments;
    return { agencyId, row, key, next, tail: parseTail(row.tail), usedAt: this.#deps.now() };
  }
}

const nameOf = (recordingId: string, take: number): string => `${recordingId}/${take}`;
