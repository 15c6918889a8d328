import type { Principal } from "../../ports/http.ts";
import { addMarker, changeMarker } from "../markers/index.ts";
import type { TestDeployment } from "./testing.ts";

/** Ids of what was noted about an item. */
export interface Annotated {
  readonly marker: string;
  readonly removed: string;
}

/** A note that was changed and names somebody, and one that was removed. */
export async function annotate(
  d: TestDeployment,
  agencyId: string,
  personId: string,
  evidenceId: string,
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
    return { marker: marker.id, removed: removed.id };
  });
}
