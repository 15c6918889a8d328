import type { Principal } from "../../ports/http.ts";
import { addMarker, changeMarker } from "../markers/index.ts";
import { append } from "../custody/index.ts";
import { correctTime } from "../times/index.ts";
import { hex, type TestDeployment } from "./testing.ts";

/** Ids of what was noted about an item. */
export interface Annotated {
  readonly marker: string;
  readonly removed: string;
  readonly derivative: string;
}

/** A note that was changed and names somebody, and one that was removed. */
export async function annotate(
  d: TestDeployment,
  agencyId: string,
  personId: string,
  evidenceId: string,
  derivative: string,
): Promise<Annotated> {
  const scope = { units: "all", classes: [] } as const;
  const roles = ["supervisor"] as const;
  const who: Principal = { kind: "person", actorId: personId, agencyId, roles, personId, deviceId: null, scope };
  const deps = { custody: d.custody, clock: d.custody.clock };
  return await d.db.database.forAgency(agencyId, async (tx) => {
    const place = { take: 0, fromMs: 1200, toMs: 3400 };
    const note = { kind: "note", place, label: "Door", note: "@Ofc. Adair opens it", mentions: [personId] } as const;
    const marker = await addMarker(tx, deps, who, evidenceId, note);
    await changeMarker(tx, deps, who, marker.id, { note: "@Ofc. Adair closes it" });
    const removed = await addMarker(tx, deps, who, evidenceId, { ...note, place: null });
    await changeMarker(tx, deps, who, removed.id, { removed: true });
    const made = { source_id: evidenceId, kind: "snapshot", take: 0, from_ms: 1200, to_ms: null } as const;
    const how = { source_sha256: Buffer.alloc(32, 5), how: "{}", made_by: personId };
    await tx
      .insertInto("sworn.derivation")
      .values({ ...made, ...how, evidence_id: derivative, agency_id: agencyId })
      .execute();
    await append(tx, d.custody, agencyId, {
      kind: "derivative.made",
      subject: { kind: "evidence", id: evidenceId },
      actorId: personId,
      hashes: { source: hex(how.source_sha256) },
      details: { derivative, made: "snapshot", take: 0, fromMs: 1200, toMs: null },
    });
    const correction = { uncertaintyMs: null, reason: "Compared with dispatch" };
    await correctTime(tx, deps, who, evidenceId, { ...correction, offsetMs: 60_000 });
    await correctTime(tx, deps, who, evidenceId, { ...correction, offsetMs: 59_000 });
    return { marker: marker.id, removed: removed.id, derivative };
  });
}
