import { type ImportAnswer, type ImportRow, type ImportTable, Problem, type RowError } from "@sworn/contract";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { answerOf, errorOf, keepImport, openImport, type Row, RowRefusal, writes } from "../imports/index.ts";
import { checkOut, findDevice, findPerson, OLDEST_MS } from "./assign.ts";
import type { ShiftDeps } from "./shift-deps.ts";

interface Sent {
  readonly device: string;
  readonly badge: string;
  readonly from: Date;
  readonly to: Date | null;
}
interface Planned {
  readonly line: number;
  readonly device: string;
  readonly deviceId: string;
  readonly personId: string;
  readonly badge: string;
  readonly from: Date;
  readonly to: Date | null;
}

/**
 * Shifts from a table: camera, badge, from, to. A row that is here already changes nothing; one whose camera somebody else
 * has in that time, here or in the file, is refused with its line. What is here is corrected by hand, not by a table.
 */
export async function importShifts(
  tx: Tx,
  deps: ShiftDeps,
  principal: Principal,
  request: z.output<typeof ImportTable>,
): Promise<ImportAnswer> {
  const now = deps.clock.now();
  const opened = await openImport(tx, "shifts", request, (row) => readShift(row, now));
  const errors: RowError[] = [...opened.errors];
  const planned: Planned[] = [];
  const rows: ImportRow[] = [];
  const [devices, people] = [new Map<string, string>(), new Map<string, string>()];
  for (const { line, value } of opened.good) {
    try {
      const deviceId = await known(devices, value.device, () =>
        orRefusal(findDevice(tx, value.device), new RowRefusal("device-unknown", "device", value.device)),
      );
      const personId = await known(people, value.badge.toLowerCase(), () =>
        orRefusal(findPerson(tx, principal, value.badge), new RowRefusal("badge-unknown", "badge", value.badge)),
      );
      const plan: Planned = { ...value, line, deviceId, personId };
      const outcome = (await isHere(tx, plan)) ? "unchanged" : "added";
      if (outcome === "added") {
        if (planned.some((other) => meets(other, plan)) || (await isTaken(tx, plan)))
          throw new RowRefusal("overlap", "device", value.device);
        planned.push(plan);
      }
      rows.push({ line, label: value.device, outcome, says: saysOf(value), changes: [] });
    } catch (error) {
      errors.push(errorOf(line, error));
    }
  }
  if (writes(opened, rows)) {
    await keepImport(tx, deps, principal, opened, rows, errors);
    for (const { deviceId, personId, from, to } of planned) {
      const times = { from: from.toISOString(), to: to?.toISOString() ?? null };
      await checkOut(tx, deps, principal, { device: deviceId, person: personId, ...times });
    }
  }
  return answerOf(opened, rows, errors, { at: now });
}

function readShift(row: Row, now: number): Sent {
  const [device, badge, from] = [row.needed("device", 100), row.needed("badge", 40), row.time("from")];
  const to = row.text("to", 80) === "" ? null : row.time("to");
  if (to !== null && to <= from) throw new RowRefusal("reversed", "to", to.toISOString());
  if (Math.abs(from.getTime() - now) > OLDEST_MS) throw new RowRefusal("too-old", "from", from.toISOString());
  return { device, badge, from, to };
}

async function known(of: Map<string, string>, key: string, find: () => Promise<string>): Promise<string> {
  const id = of.get(key) ?? (await find());
  of.set(key, id);
  return id;
}

async function orRefusal(found: Promise<string>, refusal: RowRefusal): Promise<string> {
  try {
    return await found;
  } catch (error) {
    throw error instanceof Problem ? refusal : error;
  }
}

const meets = (a: Planned, b: Planned): boolean =>
  a.deviceId === b.deviceId && (b.to === null || a.from < b.to) && (a.to === null || b.from < a.to);

async function isHere(tx: Tx, { deviceId, personId, from, to }: Planned): Promise<boolean> {
  const row = await tx
    .selectFrom("sworn.assignment")
    .select("id")
    .where("device_id", "=", deviceId)
    .where("person_id", "=", personId)
    .where("from_at", "=", from)
    .where("to_at", to === null ? "is" : "=", to)
    .where("withdrawn_at", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

async function isTaken(tx: Tx, { deviceId, from, to }: Planned): Promise<boolean> {
  let query = tx
    .selectFrom("sworn.assignment")
    .select("id")
    .where("device_id", "=", deviceId)
    .where("withdrawn_at", "is", null)
    .where((eb) => eb.or([eb("to_at", "is", null), eb("to_at", ">", from)]));
  if (to !== null) query = query.where("from_at", "<", to);
  return (await query.executeTakeFirst()) !== undefined;
}

const saysOf = ({ badge, from, to }: Sent): ImportRow["says"] => [
  { field: "badge", value: badge },
  { field: "from", value: from.toISOString() },
  { field: "to", value: to?.toISOString() ?? "" },
];
