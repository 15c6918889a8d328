import { createHash } from "node:crypto";
import { type FragmentReceipt, Problem } from "@sworn/contract";
import { type Fmp4Init, followFragment, readFragment, readInit } from "@sworn/core";
import { append, type AppendDeps, actorOf } from "../custody/index.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Spool } from "../../ports/spool.ts";
import type { ReceivedCommitter } from "./commit-received.ts";
import { assertTakeHasRoom, type TakeTail, toProblem } from "./rules.ts";
import { sealFragment } from "./seal-fragment.ts";
import { findFragment } from "./store.ts";
import type { OpenTake, TakeRegister } from "./take-register.ts";

export interface ReceiveDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly spool: Spool;
  readonly register: TakeRegister;
  readonly committer: ReceivedCommitter;
  /** Throws `disk-full` when the disk is too full to take more. */
  readonly assertRoom: () => Promise<void>;
}

export interface Arrival {
  readonly recordingId: string;
  readonly take: number;
  /** -1: the init segment. */
  readonly n: number;
  readonly bytes: Uint8Array;
  /** The digest the sender declared, 32 bytes. */
  readonly declared: Buffer;
}

/** Conflicts of one take that are logged; more of them say nothing new and would only fill the log. */
const CONFLICTS_LOGGED = 20;

/**
 * Takes one init segment or fragment: digest, order, structure, then sealed into the spool, then its row; the answer
 * comes after both are durable. What was received before is answered from its row: the same bytes as the first time,
 * other bytes are `fragment-conflict`, and the first are kept.
 */
export async function receive(deps: ReceiveDeps, principal: Principal, arrival: Arrival): Promise<FragmentReceipt> {
  const { recordingId, take, n, bytes, declared } = arrival;
  const sha256 = createHash("sha256").update(bytes).digest();
  if (!sha256.equals(declared)) throw new Problem("digest-mismatch");
  return await deps.register.inOrder(recordingId, take, async () => {
    let open = await deps.register.find(principal, recordingId, take);
    if (n > open.next) {
      // Before a camera is told that something is missing: another process may have received it since we last read.
      deps.register.drop(recordingId, take);
      open = await deps.register.find(principal, recordingId, take);
    }
    if (n < open.next || (n === -1 && open.next >= 0)) return await answerAgain(deps, principal, open, arrival, sha256);
    assertOpen(open);
    if (open.next === -1 && n >= 0) throw new Problem("init-missing");
    if (n > open.next) {
      throw new Problem("fragment-gap", `Fragment ${open.next} is expected next.`, { extra: { next: open.next } });
    }
    assertTakeHasRoom(n);
    const judged = judge(open, n, bytes);
    await deps.assertRoom();
    try {
      const place = await deps.spool.append(sealFragment(open.key, { recordingId, take, n }, bytes));
      const row = { takeId: open.row.id, n, sha256, size: bytes.length, place, ...judged };
      await deps.committer.commit(principal.agencyId, row);
    } catch (error) {
      deps.register.drop(recordingId, take);
      if (!(error instanceof Problem) || error.code !== "device-busy") throw error;
      // The row tells: on another node, moved on by another sender, or closed meanwhile.
      const now = await deps.register.find(principal, recordingId, take);
      if (n < now.next || (n === -1 && now.next >= 0)) return await overtaken(deps, principal, now, arrival, sha256);
      assertOpen(now);
      throw error;
    }
    open.next = n + 1;
    open.tail = judged.tail;
    return { state: "received", n, sha256: sha256.toString("hex") };
  });
}

/**
 * Another process took this number while the bytes were under way here. The same bytes are the same camera, whose answer
 * was lost on the way; other bytes are another camera under its identity.
 */
async function overtaken(
  deps: ReceiveDeps,
  principal: Principal,
  now: OpenTake,
  arrival: Arrival,
  sha256: Buffer,
): Promise<FragmentReceipt> {
  try {
    return await answerAgain(deps, principal, now, arrival, sha256);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "fragment-conflict") throw error;
    const text =
      "Another camera is sending under this identity. Its bytes came first and are kept; go on in a new part.";
    throw new Problem("device-busy", text, { cause: error, extra: { n: arrival.n } });
  }
}

function assertOpen(open: OpenTake): void {
  if (open.row.recordingState === "closed" || open.row.recordingState === "sealing")
    throw new Problem("recording-closed");
  if (open.row.state !== "open") throw new Problem("take-closed");
}

function judge(
  open: OpenTake,
  n: number,
  bytes: Uint8Array,
): { tail: TakeTail; startMs: number | null; durationMs: number | null } {
  const what = n === -1 ? "init" : "fragment";
  try {
    if (n === -1) return { tail: { init: readInit(bytes), last: null }, startMs: null, durationMs: null };
    const init: Fmp4Init | null = open.tail.init;
    if (init === null) throw new Problem("init-missing");
    const fragment = readFragment(bytes, init);
    const last = followFragment(open.tail.last, fragment, init);
    return { tail: { init, last }, startMs: fragment.startMs, durationMs: fragment.durationMs };
  } catch (error) {
    throw toProblem(error, what);
  }
}

async function answerAgain(
  deps: ReceiveDeps,
  principal: Principal,
  open: OpenTake,
  { recordingId, take, n }: Arrival,
  sha256: Buffer,
): Promise<FragmentReceipt> {
  const conflict = await deps.database.forAgency(principal.agencyId, async (tx) => {
    const first = await findFragment(tx, open.row.id, n);
    if (first === undefined) throw new Problem("internal");
    if (sha256.equals(first.sha256)) {
      const state = first.place === null ? ("stored" as const) : ("received" as const);
      return { receipt: { state, n, sha256: sha256.toString("hex") } };
    }
    const known = await tx
      .selectFrom("custody.entry")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("subject_kind", "=", "evidence")
      .where("subject_id", "=", recordingId)
      .where("kind", "=", "fragment.conflict")
      .executeTakeFirstOrThrow();
    if (known.count < CONFLICTS_LOGGED) {
      await append(tx, deps.custody, principal.agencyId, {
        kind: "fragment.conflict",
        subject: { kind: "evidence", id: recordingId },
        ...actorOf(principal),
        hashes: { kept: Buffer.from(first.sha256).toString("hex"), refused: sha256.toString("hex") },
        details: { take, n },
      });
    }
    return { receipt: null };
  });
  if (conflict.receipt === null) throw new Problem("fragment-conflict", undefined, { extra: { n } });
  return conflict.receipt;
}
