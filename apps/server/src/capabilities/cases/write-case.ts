import { type Case, type ChangeCase, type CreateCase, Problem } from "@sworn/contract";
import type { Selectable } from "kysely";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { CaseFileTable } from "../../ports/matter-tables.ts";
import { assertSeesCase, homeUnit } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { assertUnit, hashOf, type IncidentDeps } from "../incidents/index.ts";
import { readCase } from "./read-cases.ts";

type Row = Selectable<CaseFileTable>;

/** Everything that a case says of itself, in the form whose hash its events carry. */
export const factsOfCase = (row: Pick<Row, "number" | "title" | "people" | "unit_id" | "state">): object => ({
  number: row.number,
  title: row.title,
  people: row.people,
  unit: row.unit_id,
  state: row.state,
});

/** `name-taken` for a number that is used. */
export async function createCase(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  { number, title, people, unitId }: z.output<typeof CreateCase>,
): Promise<Case> {
  await assertNumberFree(tx, number);
  if (unitId !== undefined && unitId !== null) await assertUnit(tx, unitId);
  const row: Row = {
    id: randomUUID(),
    agency_id: principal.agencyId,
    number,
    title,
    people,
    unit_id: unitId === undefined ? await homeUnit(tx, principal) : unitId,
    state: "open",
    created_by: principal.actorId,
    created_at: new Date(deps.clock.now()),
  };
  await tx
    .insertInto("sworn.case_file")
    .values({ ...row, people: JSON.stringify(people) })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "case.created",
    subject: { kind: "case", id: row.id },
    ...actorOf(principal),
    hashes: { facts: hashOf(factsOfCase(row)) },
    details: { number },
  });
  return await readCase(tx, principal, row.id);
}

/** Changes what a case says; what is left out stays. */
export async function changeCase(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  id: string,
  change: z.output<typeof ChangeCase>,
): Promise<Case> {
  await assertSeesCase(tx, principal, id);
  const was = await tx
    .selectFrom("sworn.case_file")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { number = was.number, title = was.title, people = was.people, state = was.state } = change;
  const { unitId = was.unit_id } = change;
  if (number !== was.number) await assertNumberFree(tx, number);
  if (unitId !== null && unitId !== was.unit_id) await assertUnit(tx, unitId);
  const row = { number, title, people, state, unit_id: unitId };
  const [before, after] = [hashOf(factsOfCase(was)), hashOf(factsOfCase(row))];
  if (before !== after) {
    await tx
      .updateTable("sworn.case_file")
      .set({ ...row, people: JSON.stringify(people) })
      .where("id", "=", id)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "case.changed",
      subject: { kind: "case", id },
      ...actorOf(principal),
      hashes: { facts: after, before },
      details: {
        number,
        ...(state === was.state ? {} : { state }),
        ...(unitId === was.unit_id ? {} : { unit: unitId, unitBefore: was.unit_id }),
      },
    });
  }
  return await readCase(tx, principal, id).catch((cause: unknown) => {
    // Given to another unit it would be gone for who did that: said as what it is, and undone.
    throw new Problem("not-allowed", "You would no longer see this case. Nothing was changed.", { cause });
  });
}

async function assertNumberFree(tx: Tx, number: string): Promise<void> {
  const taken = await tx.selectFrom("sworn.case_file").select("id").where("number", "=", number).executeTakeFirst();
  if (taken !== undefined) throw new Problem("name-taken", `There is a case ${number} already.`);
}
