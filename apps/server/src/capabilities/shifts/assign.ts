import { type Assignment, type ChangeShift, type CreateShift, Problem } from "@sworn/contract";
import type { Selectable } from "kysely";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { AssignmentTable } from "../../ports/matter-tables.ts";
import { actorOf, append } from "../custody/index.ts";
import { correctWearers } from "./correct-wearers.ts";
import { describeShifts } from "./list-shifts.ts";
import type { ShiftDeps } from "./shift-deps.ts";

type Row = Selectable<AssignmentTable>;

/** Longest time back that a camera is said to have been worn by somebody. */
export const OLDEST_MS = 62 * 86_400_000;

/** Checks a camera out to somebody; camera and person by id, or as scanned: the camera's name, the badge. */
export async function checkOut(
  tx: Tx,
  deps: ShiftDeps,
  principal: Principal,
  request: z.output<typeof CreateShift>,
): Promise<Assignment> {
  const now = deps.clock.now();
  const row: Row = {
    id: randomUUID(),
    agency_id: principal.agencyId,
    device_id: await findDevice(tx, request.device),
    person_id: await findPerson(tx, principal, request.person),
    from_at: request.from === undefined ? new Date(now) : new Date(request.from),
    to_at: request.to === undefined || request.to === null ? null : new Date(request.to),
    withdrawn_at: null,
    created_by: principal.actorId,
    created_at: new Date(now),
  };
  assertTimes(row, now);
  await refusingOverlap(() => tx.insertInto("sworn.assignment").values(row).execute());
  await log(tx, deps, principal, "device.assigned", row);
  await correctWearers(tx, deps, principal, row.device_id, [row]);
  return await described(tx, row);
}

/** Ends, moves or withdraws an assignment. What is left out stays. */
export async function changeShift(
  tx: Tx,
  deps: ShiftDeps,
  principal: Principal,
  id: string,
  change: z.output<typeof ChangeShift>,
): Promise<Assignment> {
  const was = await tx
    .selectFrom("sworn.assignment")
    .selectAll()
    .where("id", "=", id)
    .where("withdrawn_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (was === undefined) throw new Problem("not-found");
  await findPerson(tx, principal, was.person_id);
  const now = deps.clock.now();
  const row: Row = {
    ...was,
    ...(change.person === undefined ? {} : { person_id: await findPerson(tx, principal, change.person) }),
    ...(change.from === undefined ? {} : { from_at: new Date(change.from) }),
    ...(change.to === undefined ? {} : { to_at: change.to === null ? null : new Date(change.to) }),
    ...(change.withdrawn === true ? { withdrawn_at: new Date(now) } : {}),
  };
  assertTimes(row, now);
  const { person_id, from_at, to_at, withdrawn_at } = row;
  await refusingOverlap(() =>
    tx.updateTable("sworn.assignment").set({ person_id, from_at, to_at, withdrawn_at }).where("id", "=", id).execute(),
  );
  await log(tx, deps, principal, "device.assignment-changed", row);
  await correctWearers(tx, deps, principal, row.device_id, [was, row]);
  return await described(tx, row);
}

/** Checks a camera in: its open assignment ends now. `not-found` where nobody has it. */
export async function checkIn(tx: Tx, deps: ShiftDeps, principal: Principal, device: string): Promise<Assignment> {
  const deviceId = await findDevice(tx, device);
  const open = await tx
    .selectFrom("sworn.assignment")
    .select("id")
    .where("device_id", "=", deviceId)
    .where("withdrawn_at", "is", null)
    .where("to_at", "is", null)
    .executeTakeFirst();
  if (open === undefined) throw new Problem("not-found", "Nobody has this camera: it is checked in already.");
  return await changeShift(tx, deps, principal, open.id, { to: new Date(deps.clock.now()).toISOString() });
}

function assertTimes({ from_at, to_at }: Row, now: number): void {
  if (to_at !== null && to_at <= from_at) throw new Problem("request-malformed", "The shift ends before it begins.");
  if (from_at.getTime() < now - OLDEST_MS || from_at.getTime() > now + OLDEST_MS)
    throw new Problem("request-malformed", "A shift begins within two months of today.");
}

export async function findDevice(tx: Tx, device: string): Promise<string> {
  const rows = await tx
    .selectFrom("sworn.device")
    .select("id")
    .where((eb) => eb.or([eb(eb.cast<string>("id", "text"), "=", device), eb("name", "=", device)]))
    .where("revoked_at", "is", null)
    .execute();
  const [found] = rows;
  if (found === undefined) throw new Problem("request-malformed", `There is no camera ${device}.`);
  return found.id;
}

export async function findPerson(tx: Tx, principal: Principal, person: string): Promise<string> {
  const found = await tx
    .selectFrom("sworn.person")
    .select(["id", "unit_id"])
    .where((eb) =>
      eb.or([
        eb(eb.cast<string>("id", "text"), "=", person),
        eb(eb.fn<string>("lower", ["badge"]), "=", person.toLowerCase()),
      ]),
    )
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  const { roles, scope } = principal;
  const units = roles.includes("custodian") ? (scope?.within ?? "all") : (scope?.units ?? []);
  const within = found !== undefined && (units === "all" || (found.unit_id !== null && units.includes(found.unit_id)));
  // What a camera recorded is its wearer's to see for good: nobody becomes one by reach that is lent.
  const lentToSelf = principal.behalf !== undefined && found?.id === principal.personId;
  if (found === undefined || !within || lentToSelf)
    throw new Problem("request-malformed", "There is nobody with this badge whom you may give a camera.");
  return found.id;
}

/** The database alone knows what two who check out at once did: its refusal, in words. */
async function refusingOverlap(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "23P01")
      throw new Problem("shift-overlap", undefined, { cause });
    throw cause;
  }
}

async function log(
  tx: Tx,
  deps: ShiftDeps,
  principal: Principal,
  kind: "device.assigned" | "device.assignment-changed",
  row: Row,
): Promise<void> {
  await append(tx, deps.custody, principal.agencyId, {
    kind,
    subject: { kind: "device", id: row.device_id },
    ...actorOf(principal),
    details: {
      assignment: row.id,
      person: row.person_id,
      from: row.from_at.toISOString(),
      to: row.to_at?.toISOString() ?? null,
      withdrawn: row.withdrawn_at === null ? "no" : "yes",
    },
  });
}

async function described(tx: Tx, row: Row): Promise<Assignment> {
  const [found] = await describeShifts(tx, [row]);
  if (found === undefined) throw new Problem("not-found");
  return found;
}
