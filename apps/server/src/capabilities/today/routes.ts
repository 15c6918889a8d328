import { PutAside, TakeBack, Today } from "@sworn/contract";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import { type Route, route } from "../../ports/http.ts";
import type { TodaySource } from "../../ports/today.ts";
import { putAside, readToday, takeBack } from "./read-today.ts";
import { ownSources } from "./sources.ts";

export interface TodayDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** What other capabilities have for somebody to do. */
  readonly sources?: readonly TodaySource[];
}

/** What needs my attention. */
export function todayRoutes(deps: TodayDeps): Route[] {
  const sources = [...ownSources, ...(deps.sources ?? [])];
  return [
    route({
      method: "GET",
      path: "/api/v1/today",
      access: { signedIn: true },
      summary: "What waits for you, by kind",
      answer: Today,
      handle: async ({ principal }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) =>
          readToday(tx, principal, sources, new Date(deps.clock.now())),
        ),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/today/aside",
      access: { signedIn: true },
      summary: "Put something aside, until a moment or for good",
      body: PutAside,
      handle: async ({ principal, body }) => {
        await deps.database.forAgency(principal.agencyId, (tx) => putAside(tx, principal, body));
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/today/take-back",
      access: { signedIn: true },
      summary: "Take back what you put aside; without keys, all of it",
      body: TakeBack,
      handle: async ({ principal, body }) => {
        await deps.database.forAgency(principal.agencyId, (tx) => takeBack(tx, principal, body.keys));
        return { status: 204 };
      },
    }),
  ];
}
