import {
  ChangeTask,
  CreateTask,
  Id,
  MatterItems,
  MatterPage,
  Note,
  Notes,
  Task,
  Tasks,
  Timeline,
  WriteNote,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import type { IncidentDeps } from "./incident-deps.ts";
import { listItems } from "./items.ts";
import type { Matter } from "./matter.ts";
import { changeTask, createTask, listNotes, listTasks, writeNote } from "./papers.ts";
import { readTimeline } from "./timeline.ts";

const params = z.object({ id: Id });

/** Items, notes, tasks and timeline: the same for incidents and for cases. */
export function paperRoutes(deps: IncidentDeps, matter: Matter): Route[] {
  const { path, kind } = matter;
  const read = { permission: matter.read };
  const write = { permission: matter.write };
  const seen = <T>(principal: Principal, id: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(principal.agencyId, async (tx) => {
      await matter.assertSees(tx, principal, id);
      return await work(tx);
    });
  return [
    route({
      method: "GET",
      path: `${path}/:id/evidence`,
      access: read,
      summary: `Items of the ${kind} that you may see, oldest first`,
      params,
      query: MatterPage,
      answer: MatterItems,
      handle: async ({ principal, params: { id }, query }) => ({
        body: await seen(principal, id, (tx) => listItems(tx, principal, matter, id, query)),
      }),
    }),
    route({
      method: "GET",
      path: `${path}/:id/timeline`,
      access: read,
      summary: `Footage, notes and changes of the ${kind} in order of time`,
      params,
      query: MatterPage,
      answer: Timeline,
      handle: async ({ principal, params: { id }, query }) => ({
        body: await seen(principal, id, (tx) => readTimeline(tx, principal, matter, id, query)),
      }),
    }),
    route({
      method: "GET",
      path: `${path}/:id/notes`,
      access: read,
      summary: `Notes of the ${kind}, newest first`,
      params,
      query: MatterPage,
      answer: Notes,
      handle: async ({ principal, params: { id }, query }) => ({
        body: await seen(principal, id, (tx) => listNotes(tx, matter, id, query)),
      }),
    }),
    route({
      method: "POST",
      path: `${path}/:id/notes`,
      access: write,
      summary: `Write a note on the ${kind}; it stays`,
      params,
      body: WriteNote,
      answer: Note,
      handle: async ({ principal, params: { id }, body }) => ({
        status: 201,
        body: await seen(principal, id, (tx) => writeNote(tx, deps, principal, matter, id, body.words)),
      }),
    }),
    route({
      method: "GET",
      path: `${path}/:id/tasks`,
      access: read,
      summary: `Tasks of the ${kind}, what is to be done first`,
      params,
      answer: Tasks,
      handle: async ({ principal, params: { id } }) => ({
        body: { items: await seen(principal, id, (tx) => listTasks(tx, matter, id)) },
      }),
    }),
    route({
      method: "POST",
      path: `${path}/:id/tasks`,
      access: write,
      summary: `Set a task of the ${kind}`,
      params,
      body: CreateTask,
      answer: Task,
      handle: async ({ principal, params: { id }, body }) => ({
        status: 201,
        body: await seen(principal, id, (tx) => createTask(tx, deps, principal, matter, id, body)),
      }),
    }),
    route({
      method: "PATCH",
      path: `${path}/:id/tasks/:task`,
      access: write,
      summary: `Change, finish or reopen a task of the ${kind}`,
      params: params.extend({ task: Id }),
      body: ChangeTask,
      answer: Task,
      handle: async ({ principal, params: ids, body }) => ({
        body: await seen(principal, ids.id, (tx) => changeTask(tx, deps, principal, matter, ids, body)),
      }),
    }),
  ];
}
