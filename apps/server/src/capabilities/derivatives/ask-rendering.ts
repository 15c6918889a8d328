import { randomUUID } from "node:crypto";
import { type AskRendering, longestClipMs, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { assertViewable } from "../access/index.ts";
import { assertKnows, findRendering, findSource, lockRendering, type RenderingRow, setRendering } from "./store.ts";

export interface AskDeps {
  readonly jobs: Jobs;
  readonly clock: { now(): number };
}

/** More at once from one item are a program that errs. */
const MOST_OPEN = 10;
const SLACK_MS = 1000;

type Asked = Omit<AskRendering, "toMs" | "title"> & {
  readonly toMs: number | null;
  readonly title?: string | undefined;
};

/** Writes down what was asked for and its job, in the caller's transaction. */
export async function askRendering(
  tx: Tx,
  deps: AskDeps,
  principal: Principal,
  sourceId: string,
  { kind, take, fromMs, toMs, title }: Asked,
): Promise<RenderingRow> {
  await assertViewable(tx, principal, sourceId);
  const item = await tx
    .selectFrom("sworn.evidence")
    .select(["title", "state", "kind"])
    .where("id", "=", sourceId)
    .executeTakeFirst();
  if (item === undefined || item.state === "disposed") throw new Problem("not-found");
  if (item.kind !== "video")
    throw new Problem("request-malformed", "Stills and clips are made from video; this item has no moving picture.");
  const source = await findSource(tx, sourceId, take);
  if (source === undefined) {
    if (item.state === "live" || item.state === "sealing") throw new Problem("not-stored-yet");
    throw new Problem("range-outside", "The recording has no such part.");
  }
  assertRange(fromMs, toMs, source.durationMs);
  const open = await tx
    .selectFrom("sworn.rendering")
    .select("id")
    .where("source_id", "=", sourceId)
    .where("state", "in", ["waiting", "running"])
    .limit(MOST_OPEN)
    .execute();
  if (open.length >= MOST_OPEN)
    throw new Problem("rate-limited", "Ten are being made from this item already. Wait for one of them to end.");
  const row = await tx
    .insertInto("sworn.rendering")
    .values({
      id: randomUUID(),
      agency_id: principal.agencyId,
      source_id: sourceId,
      kind,
      take,
      from_ms: fromMs,
      to_ms: toMs,
      title: title ?? `${item.title.slice(0, 180)} (${kind === "clip" ? "clip" : "still"})`,
      state: "waiting",
      code: null,
      detail: null,
      asked_by: principal.actorId,
      person_id: principal.personId,
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await deps.jobs.send(tx, "render", { agencyId: principal.agencyId, id: row.id });
  return row;
}

function assertRange(fromMs: number, toMs: number | null, durationMs: number | null): void {
  if (toMs !== null && toMs <= fromMs)
    throw new Problem("range-outside", "The range ends before it begins. Set its end after its beginning.");
  if (toMs !== null && toMs - fromMs > longestClipMs)
    throw new Problem("range-outside", "A clip is at most 30 minutes long. Make several, one after the other.");
  const beyond = durationMs !== null && (fromMs >= durationMs + SLACK_MS || (toMs ?? 0) > durationMs + SLACK_MS);
  if (beyond)
    throw new Problem("range-outside", `This part of the recording is ${(durationMs / 1000).toFixed(1)} s long.`);
}

/** Stops what waits or runs; the worker notices within a second and keeps nothing. */
export async function cancelRendering(tx: Tx, deps: AskDeps, principal: Principal, id: string): Promise<RenderingRow> {
  const row = await lockVisible(tx, principal, id);
  if (row.state !== "waiting" && row.state !== "running") return row;
  await setRendering(tx, id, { state: "cancelled", ended_at: new Date(deps.clock.now()) });
  return { ...row, ...(await findRendering(tx, id)) };
}

/** What failed or was cancelled is tried once more, under the same id. */
export async function retryRendering(tx: Tx, deps: AskDeps, principal: Principal, id: string): Promise<RenderingRow> {
  const row = await lockVisible(tx, principal, id);
  if (row.state !== "failed" && row.state !== "cancelled") return row;
  await setRendering(tx, id, { state: "waiting", permille: 0, code: null, detail: null, ended_at: null });
  await deps.jobs.send(tx, "render", { agencyId: principal.agencyId, id });
  return { ...row, ...(await findRendering(tx, id)) };
}

async function lockVisible(tx: Tx, principal: Principal, id: string): Promise<RenderingRow> {
  const row = await lockRendering(tx, id);
  if (row === undefined) throw new Problem("not-found");
  await assertKnows(tx, principal, row.id);
  await assertViewable(tx, principal, row.source_id);
  return row;
}
