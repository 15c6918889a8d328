import { ChangeView, ChooseDefaultView, Id, LeaveLibrary, SavedView, SavedViewList, SaveView } from "@sworn/contract";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { changeView, chooseDefaultView, leaveLibrary, saveView } from "./change-view.ts";
import { listViews } from "./list-views.ts";

export interface ViewsDeps {
  readonly database: Database;
  readonly clock: Clock;
}

const IdParam = z.object({ id: Id });

/** Views of the library: one's own and those that others share. */
export function viewsRoutes(deps: ViewsDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/views",
      access: { permission: "evidence.list" },
      summary: "Views of the library: yours, and those shared with you",
      answer: SavedViewList,
      handle: async ({ principal }) => ({ body: await inAgency(principal, (tx) => listViews(tx, principal)) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/views",
      access: { permission: "evidence.list" },
      summary: "Keep a view; sharing it needs view.share",
      body: SaveView,
      answer: SavedView,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => saveView(tx, principal, body)),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/views/:id",
      access: { permission: "evidence.list" },
      summary: "Rename, change, share or remove a view of yours, or take back its removal",
      params: IdParam,
      body: ChangeView,
      answer: SavedView,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, (tx) => changeView(tx, deps.clock, principal, params.id, body)),
      }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/views/default",
      access: { permission: "evidence.list" },
      summary: "Choose the view with which your library opens; null: everything",
      body: ChooseDefaultView,
      handle: async ({ principal, body }) => {
        await inAgency(principal, (tx) => chooseDefaultView(tx, principal, body.viewId));
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: "/api/v1/views/left",
      access: { permission: "evidence.list" },
      summary: "Remember how you have the library, to go on with it later",
      body: LeaveLibrary,
      handle: async ({ principal, body }) => {
        await inAgency(principal, (tx) => leaveLibrary(tx, principal, body.search));
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/views/:id/share",
      access: { permission: "view.share" },
      summary: "Share a view of yours with your unit or the agency, or keep it to yourself again",
      params: IdParam,
      body: z.strictObject({ shared: SavedView.shape.shared }),
      answer: SavedView,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, (tx) => changeView(tx, deps.clock, principal, params.id, body)),
      }),
    }),
  ];
}
