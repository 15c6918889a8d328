import { type CreateTask, type ChangeTask, type Note, Problem, type Task } from "@sworn/contract";
import { type Selectable, type SqlBool, sql } from "kysely";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { MatterTaskTable } from "../../ports/matter-tables.ts";
import { actorOf, append } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";
import { factsOfTask, hashOf } from "./facts.ts";
import type { IncidentDeps } from "./incident-deps.ts";
import { columnOf, type Matter } from "./matter.ts";

/** More open and done tasks than this are a project, not an incident. */
const MOST_TASKS = 200;

/** Adds a note, for good. The log holds its hash. */
export async function writeNote(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  matter: Matter,
  id: string,
  words: string,
): Promise<Note> {
  await matter.assertSees(tx, principal, id);
  const at = new Date(deps.clock.now());
  const noteId = randomUUID();
  const none = { incident_id: null, case_id: null };
  await tx
    .insertInto("sworn.matter_note")
    .values({
      id: noteId,
      agency_id: principal.agencyId,
      ...none,
      [columnOf(matter)]: id,
      words,
      author_id: principal.actorId,
      written_at: at,
    })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: `${matter.kind}.noted`,
    subject: { kind: matter.kind, id },
    ...actorOf(principal),
    hashes: { words: hashOf(words) },
    details: { note: noteId },
  });
  const names = await actorNames(tx, [principal.actorId]);
  return { id: noteId, words, author: names.get(principal.actorId) ?? null, at: at.toISOString() };
}

/** Newest first. */
export async function listNotes(
  tx: Tx,
  matter: Matter,
  id: string,
  page: { readonly limit: number; readonly next?: string | undefined },
): Promise<{ items: Note[]; next: string | null }> {
  let query = tx.selectFrom("sworn.matter_note").selectAll().where(columnOf(matter), "=", id);
  if (page.next !== undefined) {
    const after = fromCursor(page.next);
    query = query.where(sql<SqlBool>`(written_at, id) < (${after.at}, ${after.id}::uuid)`);
  }
  const rows = await query
    .orderBy("written_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1)
    .execute();
  const items = rows.slice(0, page.limit);
  const names = await actorNames(tx, [...new Set(items.map((row) => row.author_id))]);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return {
    items: items.map((row) => ({
      id: row.id,
      words: row.words,
      author: names.get(row.author_id) ?? null,
      at: row.written_at.toISOString(),
    })),
    next: last === undefined ? null : toCursor({ at: last.written_at, id: last.id }),
  };
}

export async function createTask(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  matter: Matter,
  id: string,
  { words, ownerId, dueOn }: z.output<typeof CreateTask>,
): Promise<Task> {
  await matter.assertSees(tx, principal, id);
  if (ownerId !== null) await assertOwner(tx, ownerId);
  const others = await tx
    .selectFrom("sworn.matter_task")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(columnOf(matter), "=", id)
    .executeTakeFirst();
  if ((others?.count ?? 0) >= MOST_TASKS)
    throw new Problem("request-malformed", `There are ${MOST_TASKS} tasks already. Nothing was added.`);
  const row: Selectable<MatterTaskTable> = {
    id: randomUUID(),
    agency_id: principal.agencyId,
    incident_id: null,
    case_id: null,
    [columnOf(matter)]: id,
    words,
    owner_id: ownerId,
    due_on: dueOn,
    done_at: null,
    done_by: null,
    created_by: principal.actorId,
    created_at: new Date(deps.clock.now()),
  };
  await tx.insertInto("sworn.matter_task").values(row).execute();
  await logTask(tx, deps, principal, matter, id, row, "set");
  return await taskOf(tx, row);
}

/** Changes, finishes or reopens a task; what is left out stays. */
export async function changeTask(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  matter: Matter,
  ids: { readonly id: string; readonly task: string },
  change: z.output<typeof ChangeTask>,
): Promise<Task> {
  await matter.assertSees(tx, principal, ids.id);
  const was = await tx
    .selectFrom("sworn.matter_task")
    .selectAll()
    .where("id", "=", ids.task)
    .where(columnOf(matter), "=", ids.id)
    .forUpdate()
    .executeTakeFirst();
  if (was === undefined) throw new Problem("not-found");
  const { words = was.words, ownerId = was.owner_id, dueOn = was.due_on, done = was.done_at !== null } = change;
  if (ownerId !== null && ownerId !== was.owner_id) await assertOwner(tx, ownerId);
  const ended = done
    ? { done_at: was.done_at ?? new Date(deps.clock.now()), done_by: was.done_by ?? principal.actorId }
    : { done_at: null, done_by: null };
  const row = { ...was, words, owner_id: ownerId, due_on: dueOn, ...ended };
  if (hashOf(factsOfTask(row)) === hashOf(factsOfTask(was))) return await taskOf(tx, was);
  await tx
    .updateTable("sworn.matter_task")
    .set({ words, owner_id: ownerId, due_on: dueOn, ...ended })
    .where("id", "=", was.id)
    .execute();
  const what = done === (was.done_at !== null) ? "changed" : done ? "done" : "reopened";
  await logTask(tx, deps, principal, matter, ids.id, row, what);
  return await taskOf(tx, row);
}

/** What is to be done first, then what was done. */
export async function listTasks(tx: Tx, matter: Matter, id: string): Promise<Task[]> {
  const rows = await tx
    .selectFrom("sworn.matter_task")
    .selectAll()
    .where(columnOf(matter), "=", id)
    .orderBy("done_at", (order) => order.desc().nullsFirst())
    .orderBy("due_on", (order) => order.asc().nullsLast())
    .orderBy("created_at")
    .orderBy("id")
    .limit(MOST_TASKS)
    .execute();
  const names = await actorNames(tx, [
    ...new Set(rows.flatMap((row) => [row.owner_id ?? [], row.done_by ?? []].flat())),
  ]);
  return rows.map((row) => described(row, names));
}

async function logTask(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  matter: Matter,
  id: string,
  row: Selectable<MatterTaskTable>,
  what: "set" | "changed" | "done" | "reopened",
): Promise<void> {
  await append(tx, deps.custody, principal.agencyId, {
    kind: `${matter.kind}.task`,
    subject: { kind: matter.kind, id },
    ...actorOf(principal),
    hashes: { facts: hashOf(factsOfTask(row)) },
    details: { task: row.id, what },
  });
}

async function taskOf(tx: Tx, row: Selectable<MatterTaskTable>): Promise<Task> {
  return described(
    row,
    await actorNames(
      tx,
      [row.owner_id, row.done_by].filter((id) => id !== null),
    ),
  );
}

function described(row: Selectable<MatterTaskTable>, names: ReadonlyMap<string, string>): Task {
  return {
    id: row.id,
    words: row.words,
    owner: row.owner_id === null ? null : { id: row.owner_id, name: names.get(row.owner_id) ?? "" },
    dueOn: row.due_on,
    doneAt: row.done_at?.toISOString() ?? null,
    doneBy: row.done_by === null ? null : (names.get(row.done_by) ?? null),
    createdAt: row.created_at.toISOString(),
  };
}

async function assertOwner(tx: Tx, id: string): Promise<void> {
  const owner = await tx
    .selectFrom("sworn.person")
    .select("id")
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (owner === undefined)
    throw new Problem("request-malformed", "A task's owner is somebody who still works here. Choose another one.");
}
