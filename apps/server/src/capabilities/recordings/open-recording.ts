import { randomUUID } from "node:crypto";
import { type OpenRecording, Problem, type RecordingStatus } from "@sworn/contract";
import { canonicalJson } from "@sworn/core";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { TokenBuckets } from "../../ports/token-buckets.ts";
import { unitOf, wearerAt } from "../access/index.ts";
import { append, type AppendDeps, actorOf } from "../custody/index.ts";
import type { EvidenceKeys } from "../intake/index.ts";
import { decideAgain } from "../retention/index.ts";
import { readStatus } from "./read-status.ts";
import { judgeClock } from "./rules.ts";

export interface OpenDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly evidenceKeys: EvidenceKeys;
  /** Recordings and takes that a camera may begin: each costs rows, a key and entries of the log for ever. */
  readonly beginnings: TokenBuckets;
}

/** What a camera that begins too many is told. */
export const BEGINNINGS =
  "This camera began very many recordings or parts. Keep everything, go on later: nothing that was received is lost.";

/**
 * Opens a recording under the id its camera chose: recording, evidence (the same id), its key and take 0 with their
 * events, in one transaction. The same request again is the same recording; anything else under that id is
 * `recording-conflict`, whosever it is: ids of other agencies are told apart from own ones by nothing. `rate-limited`.
 */
export async function openRecording(
  deps: OpenDeps,
  principal: Principal,
  request: OpenRecording,
): Promise<{ created: boolean; status: RecordingStatus }> {
  const { deviceId, agencyId } = principal;
  if (deviceId === null) throw new Problem("not-allowed", "Only a camera's own key can record.");
  const attempt = async (): Promise<{ created: boolean; status: RecordingStatus }> =>
    await deps.database.forAgency(agencyId, async (tx) => {
      const known = await tx.selectFrom("sworn.recording").selectAll().where("id", "=", request.id).executeTakeFirst();
      if (known === undefined) {
        deps.beginnings.take(deviceId, BEGINNINGS);
        await create(tx, deps, principal, deviceId, request);
      } else if (known.device_id !== deviceId || canonicalJson(known.open_request) !== canonicalJson(request))
        throw new Problem("recording-conflict");
      return { created: known === undefined, status: await readStatus(tx, request.id) };
    });
  try {
    return await attempt();
  } catch (first) {
    if (!isUniqueViolation(first)) throw first;
    // Two opens ran at once and the other was first: now its row is there. If it is not, the id is another agency's.
    return await attempt().catch((error: unknown) => {
      throw isUniqueViolation(error) ? new Problem("recording-conflict", undefined, { cause: error }) : error;
    });
  }
}

async function create(
  tx: Tx,
  deps: OpenDeps,
  principal: Principal,
  deviceId: string,
  request: OpenRecording,
): Promise<void> {
  const { agencyId } = principal;
  const now = deps.clock.now();
  const time = judgeClock(request.clock, now);
  const device = await tx.selectFrom("sworn.device").selectAll().where("id", "=", deviceId).executeTakeFirst();
  if (device === undefined || device.revoked_at !== null)
    throw new Problem("not-allowed", "This camera is not enrolled.");
  const wearer = await wearerAt(tx, deviceId, time.recordedAt);
  const day = time.recordedAt.toISOString().slice(0, 16).replace("T", " ");
  const title = request.title ?? `${device.name}, ${day} UTC`;
  await tx
    .insertInto("sworn.evidence")
    .values({
      id: request.id,
      agency_id: agencyId,
      title,
      kind: "video",
      state: "live",
      recorded_at: time.recordedAt,
      time_source: time.source,
      time_uncertainty_ms: time.uncertaintyMs,
      device_id: deviceId,
      person_id: wearer,
      unit_id: await unitOf(tx, wearer),
      received_at: new Date(now),
    })
    .execute();
  await decideAgain(tx, [request.id]);
  await deps.evidenceKeys.create(tx, agencyId, request.id);
  await tx
    .insertInto("sworn.recording")
    .values({
      id: request.id,
      agency_id: agencyId,
      device_id: deviceId,
      person_id: wearer,
      state: "live",
      reason: request.reason,
      open_request: canonicalJson(request),
      started_at: time.recordedAt,
      last_byte_at: new Date(now),
    })
    .execute();
  await append(tx, deps.custody, agencyId, {
    kind: "recording.opened",
    subject: { kind: "evidence", id: request.id },
    ...actorOf(principal),
    reason: request.reason,
    details: {
      title,
      device: deviceId,
      wearer,
      clock: request.clock.utc,
      clockSource: request.clock.source,
      clockUncertaintyMs: request.clock.uncertaintyMs,
      clockSkewMs: time.skewMs,
      clockPlausible: time.plausible ? "yes" : "no",
    },
  });
  await insertTake(tx, deps, principal, { recordingId: request.id, take: 0 });
}

/** The next part of a recording, with its file and its event. */
export async function insertTake(
  tx: Tx,
  deps: Pick<OpenDeps, "custody" | "clock">,
  principal: Principal,
  { recordingId, take }: { recordingId: string; take: number },
): Promise<void> {
  const { agencyId } = principal;
  const fileId = randomUUID();
  const now = new Date(deps.clock.now());
  await tx
    .insertInto("sworn.file")
    .values({
      id: fileId,
      agency_id: agencyId,
      evidence_id: recordingId,
      role: "original",
      take,
      media_type: "video/mp4",
      state: "open",
    })
    .execute();
  await tx
    .insertInto("sworn.take")
    .values({
      id: randomUUID(),
      agency_id: agencyId,
      recording_id: recordingId,
      take,
      file_id: fileId,
      state: "open",
      opened_at: now,
      last_byte_at: now,
      rolled_at: now,
    })
    .execute();
  await append(tx, deps.custody, agencyId, {
    kind: "take.opened",
    subject: { kind: "evidence", id: recordingId },
    ...actorOf(principal),
    details: { take },
  });
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}
