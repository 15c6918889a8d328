import type { Principal } from "../../ports/http.ts";
import { decide, importCalls, settle } from "../calls/index.ts";
import { changeContents, createCase } from "../cases/index.ts";
import { changeTask, createIncident, createTask, giveIncident, incidentMatter, writeNote } from "../incidents/index.ts";
import { checkOut } from "../shifts/index.ts";
import { placeLock } from "../statements/index.ts";
import type { TestDeployment } from "./testing.ts";

export interface Matters {
  readonly assignment: string;
  readonly lock: string;
  readonly incident: string;
  readonly call: string;
  readonly note: string;
  readonly task: string;
  readonly caseFile: string;
  readonly item: string;
}

/** An incident with an item, a note and a task, in a case that has the item, too. */
export async function openMatters(
  d: TestDeployment,
  agencyId: string,
  personId: string,
  item: string,
): Promise<Matters> {
  const scope = { units: "all", classes: [] } as const;
  const roles = ["custodian"] as const;
  const who: Principal = { kind: "person", actorId: personId, agencyId, roles, personId, deviceId: null, scope };
  const deps = { ...d, database: d.db.database, clock: d.custody.clock };
  return await d.db.database.forAgency(agencyId, async (tx) => {
    const { id } = await createIncident(tx, deps, who, {
      number: "26-004118",
      kind: "Traffic stop",
      place: "Elm St",
      lat: 41.3,
      lon: -72.9,
      from: "2026-11-20T21:04:00Z",
      to: null,
      people: [{ role: "driver", name: "D. Demo" }],
      outcomes: [{ kind: "citation", on: "2026-11-20", words: "" }],
    });
    await giveIncident(tx, deps, who, { ids: [item], number: "26-004118", how: "number", dryRun: false });
    const note = await writeNote(tx, deps, who, incidentMatter, id, "Asked the shop for its camera.");
    const set = { words: "Call the shop", ownerId: personId, dueOn: "2026-12-01" };
    const task = await createTask(tx, deps, who, incidentMatter, id, set);
    await changeTask(tx, deps, who, incidentMatter, { id, task: task.id }, { done: true });
    const supervisor: Principal = { ...who, actorId: agencyId, personId: null };
    const lock = await placeLock(
      tx,
      deps,
      supervisor,
      { kind: "incident", id },
      { reason: "Force", personIds: [personId] },
    );
    const table = "number,from,to,badges\n26-1,2026-11-20T21:00Z,2026-11-20T21:30Z,B-1 B-2\n";
    const request = { name: "cad.csv", content: Buffer.from(table).toString("base64"), dryRun: false };
    await importCalls(tx, deps, who, request);
    const { id: call } = await tx.selectFrom("sworn.call").select("id").executeTakeFirstOrThrow();
    await decide(tx, deps, who, call, [item], "accepted");
    await settle(tx, deps, who, { ids: [call], badge: "B-1", reason: "In repair" });
    const file = await createCase(tx, deps, who, { number: "C-26-9", title: "The stop", people: [] });
    await changeContents(tx, deps, who, file.id, { evidenceIds: [item], incidentIds: [id] }, true);
    const [camera] = await tx.selectFrom("sworn.device").select("id").where("revoked_at", "is", null).execute();
    const shift = await checkOut(tx, deps, who, { device: camera?.id ?? "", person: personId });
    return {
      assignment: shift.id,
      call,
      lock: lock.id,
      incident: id,
      note: note.id,
      task: task.id,
      caseFile: file.id,
      item,
    };
  });
}
