import {
  Assignment,
  AssignmentList,
  ChangeShift,
  CheckIn,
  CreateShift,
  Id,
  ImportAnswer,
  ImportTable,
  ShiftChoices,
  ShiftFilter,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { changeShift, checkIn, checkOut } from "./assign.ts";
import { importShifts } from "./import-shifts.ts";
import { listChoices, listShifts } from "./list-shifts.ts";
import type { ShiftDeps } from "./shift-deps.ts";

/** Cameras handed out and brought back. */
export function shiftRoutes(deps: ShiftDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  const access = { permission: "shift.manage" } as const;
  return [
    route({
      method: "GET",
      path: "/api/v1/shifts",
      access,
      summary: "Who has or had which camera, the latest first",
      query: ShiftFilter,
      answer: AssignmentList,
      handle: async ({ principal, query }) => ({ body: await inAgency(principal, (tx) => listShifts(tx, query)) }),
    }),
    route({
      method: "GET",
      path: "/api/v1/shifts/choices",
      access,
      summary: "Cameras, and people you may give one",
      answer: ShiftChoices,
      handle: async ({ principal }) => ({ body: await inAgency(principal, (tx) => listChoices(tx, principal)) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/shifts",
      access,
      summary: "Check a camera out to somebody",
      body: CreateShift,
      answer: Assignment,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => checkOut(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/shifts/import",
      access,
      summary: "Shifts from a table; dryRun says what would happen, with what is wrong row by row",
      body: ImportTable,
      answer: ImportAnswer,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => importShifts(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/shifts/check-in",
      access,
      summary: "Check a camera in",
      body: CheckIn,
      answer: Assignment,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => checkIn(tx, deps, principal, body.device)),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/shifts/:id",
      access,
      summary: "Correct an assignment; recordings of that time go to who wore the camera",
      params: z.object({ id: Id }),
      body: ChangeShift,
      answer: Assignment,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, (tx) => changeShift(tx, deps, principal, params.id, body)),
      }),
    }),
  ];
}
