import { randomBytes } from "node:crypto";
import { SALT_LENGTH, toHex } from "@sworn/core";
import type { Clock } from "../../ports/clock.ts";
import type { Notify } from "../../ports/notify.ts";
import type { Tx } from "../../ports/database.ts";
import { type AppendDeps, append, type NewEvent } from "../custody/index.ts";
import { commitTexts } from "./rules.ts";
import type { MarkerRow } from "./store.ts";

export interface MarkerDeps {
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly notify?: Notify;
}

/** Writes down a marker's newest state and its event: the one place where either is made. */
export async function keepVersion(
  tx: Tx,
  deps: MarkerDeps,
  event: Pick<NewEvent, "kind" | "actorId" | "actorKind"> & { readonly restored?: boolean },
  marker: MarkerRow,
  mentions: readonly string[],
): Promise<void> {
  const { kind, take, from_ms, to_ms, label, note, version } = marker;
  const salt = randomBytes(SALT_LENGTH);
  const commitment = commitTexts({ label, note }, salt);
  const removed = marker.removed_at !== null;
  const named = [...mentions].toSorted();
  await tx
    .insertInto("sworn.marker_version")
    .values({
      marker_id: marker.id,
      version,
      agency_id: marker.agency_id,
      kind,
      take,
      from_ms,
      to_ms,
      label,
      note,
      mentions: named,
      removed,
      salt,
      commitment,
      by: event.actorId ?? marker.created_by,
      at: new Date(deps.clock.now()),
    })
    .execute();
  const { restored, ...said } = event;
  await append(tx, deps.custody, marker.agency_id, {
    ...said,
    subject: { kind: "evidence", id: marker.evidence_id },
    hashes: { text: toHex(commitment) },
    details: {
      marker: marker.id,
      version,
      marking: kind,
      take,
      fromMs: from_ms,
      toMs: to_ms,
      mentions: named,
      ...(marker.derivative_id === null ? {} : { derivative: marker.derivative_id }),
      ...(restored === true ? { restored: "yes" } : {}),
    },
  });
}
