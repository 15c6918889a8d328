import {
  AcceptCalls,
  CallFilter,
  CallIncident,
  CallList,
  CallNumber,
  CallPage,
  CallPut,
  CallsChanged,
  CallsOfItem,
  CallToIncident,
  DecideItems,
  Id,
  ImportAnswer,
  ImportTable,
  MoveItems,
  Problem,
  PutCall,
  SettleCalls,
  UnsettleCalls,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { actorOf, appendOncePerQuarterHour } from "../custody/index.ts";
import type { CallDeps } from "./call-deps.ts";
import { acceptRight, decide, moveItems, settle } from "./decide.ts";
import { importCalls } from "./import-calls.ts";
import { callToIncident } from "./link-incident.ts";
import { planCalls, writeCalls } from "./put-calls.ts";
import { callsOfItem, listCalls, readCall } from "./read-calls.ts";

const params = z.object({ id: Id });

/** What dispatch says is the whole agency's, and says of a number that is here what it said before. */
function assertWholeAgency({ scope }: Principal): void {
  if (scope?.within !== undefined)
    throw new Problem("not-allowed", "You act for one unit; calls are brought in for the whole agency.");
}

/** Calls of dispatch: brought in, matched, decided about. */
export function callRoutes(deps: CallDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  const list = { permission: "call.list" } as const;
  const match = { permission: "call.match" } as const;
  return [
    route({
      method: "GET",
      path: "/api/v1/calls",
      access: list,
      summary: "Calls you may see with the footage that shows them, newest first",
      query: CallFilter,
      answer: CallList,
      handle: async ({ principal, query }) => ({
        body: await inAgency(principal, (tx) => listCalls(tx, principal, query)),
      }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/calls/by-number/:number",
      access: { permission: "call.import" },
      summary: "A call as dispatch has it, under dispatch's number; the same again changes nothing",
      params: z.object({ number: CallNumber }),
      body: PutCall,
      answer: CallPut,
      handle: async ({ principal, params: { number }, body }) => ({
        body: await inAgency(principal, async (tx) => {
          assertWholeAgency(principal);
          const plans = await planCalls(tx, [{ ...body, number }], true);
          const [put] = await writeCalls(tx, deps, principal, plans, null);
          if (put === undefined) throw new Problem("not-found");
          return put;
        }),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/calls/import",
      access: { permission: "call.import" },
      summary: "Calls from a table; dryRun says what would happen, with what is wrong row by row",
      body: ImportTable,
      answer: ImportAnswer,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => {
          assertWholeAgency(principal);
          return importCalls(tx, deps, principal, body);
        }),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/calls/accept",
      access: match,
      summary: "Accept what is surely right, for many calls at once; dryRun says what would be",
      body: AcceptCalls,
      answer: CallsChanged,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => acceptRight(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/calls/settle",
      access: match,
      summary: "Say that no footage is expected where it is missing, with the reason",
      body: SettleCalls,
      answer: CallsChanged,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => settle(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/calls/unsettle",
      access: match,
      summary: "Footage is expected after all",
      body: UnsettleCalls,
      answer: CallsChanged,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => settle(tx, deps, principal, { ...body, reason: null })),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/calls/:id",
      access: list,
      summary: "One call, its footage and what it said before; that it was read is logged",
      params,
      answer: CallPage,
      handle: async ({ principal, params: { id } }) => ({
        body: await inAgency(principal, async (tx) => {
          const page = await readCall(tx, principal, id);
          const subject = { kind: "call", id } as const;
          const viewed = { kind: "call.viewed", subject, ...actorOf(principal) } as const;
          await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, viewed);
          return page;
        }),
      }),
    }),
    ...(
      [
        ["accept", "accepted", "Say that items show a call, suggested or not"],
        ["refuse", "refused", "Say that items do not show a call; they are not suggested again"],
        ["undecide", null, "Take back what was said of items"],
      ] as const
    ).map(([verb, state, summary]) =>
      route({
        method: "POST",
        path: `/api/v1/calls/:id/evidence/${verb}`,
        access: match,
        summary,
        params,
        body: DecideItems,
        answer: CallsChanged,
        handle: async ({ principal, params: { id }, body }) => ({
          body: await inAgency(principal, (tx) => decide(tx, deps, principal, id, body.evidenceIds, state)),
        }),
      }),
    ),
    route({
      method: "POST",
      path: "/api/v1/calls/:id/evidence/move",
      access: match,
      summary: "Say that items show another call, and not this one",
      params,
      body: MoveItems,
      answer: CallsChanged,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => moveItems(tx, deps, principal, id, body.to, body.evidenceIds)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/calls/:id/incident",
      access: { permission: "incident.add" },
      summary: "Make an incident of a call, or join it to one by its number; what was accepted goes with it",
      params,
      body: CallToIncident,
      answer: CallIncident,
      handle: async ({ principal, params: { id }, body }) => ({
        body: await inAgency(principal, (tx) => callToIncident(tx, deps, principal, id, body.number)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/calls",
      access: list,
      summary: "Calls that this item shows or may show, as far as you see them",
      params,
      answer: CallsOfItem,
      handle: async ({ principal, params: { id } }) => ({
        body: { items: await inAgency(principal, (tx) => callsOfItem(tx, principal, id)) },
      }),
    }),
  ];
}
