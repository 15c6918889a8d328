import { Problem } from "@sworn/contract";
import { z } from "zod";
import type { Database, Tx } from "../../ports/database.ts";
import { type Principal, route, type Route } from "../../ports/http.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { findEvidence, setMediaState } from "./store.ts";

export interface MediaRoutesDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  /** Throws `not-found` for what this principal may not see. */
  readonly assertVisible: (tx: Tx, principal: Principal, evidenceId: string) => Promise<void>;
}

const IdParam = z.object({ id: z.uuid() });

/** One line of decoders serves everybody: whoever asks for an item that waits already must not fill it. */
const AGAIN_MS = 60_000;

export function mediaRoutes(deps: MediaRoutesDeps): Route[] {
  const asked = new Map<string, number>();
  function askedJustNow(id: string): boolean {
    const now = performance.now();
    for (const [known, at] of asked) if (now - at >= AGAIN_MS) asked.delete(known);
    if (asked.has(id)) return true;
    asked.set(id, now);
    return false;
  }
  return [
    route({
      method: "POST",
      path: "/api/v1/evidence/:id/media/retry",
      access: { permission: "evidence.view" },
      summary: "Read facts, poster, strips and positions again after they failed or were refused",
      params: IdParam,
      answer: z.object({ state: z.literal("pending") }),
      handle: async ({ principal, params: { id } }) => {
        await deps.database.forAgency(principal.agencyId, async (tx) => {
          await deps.assertVisible(tx, principal, id);
          const row = await findEvidence(tx, id);
          if (row === undefined) throw new Problem("not-found");
          if (row.state !== "stored") throw new Problem("not-stored-yet");
          if (row.media_state === "ready") {
            // Facts and poster are there; its strips may not be: they failed, or it is older than they.
            if (!askedJustNow(id)) await deps.jobs.send(tx, "storyboard", { agencyId: principal.agencyId, id });
            return;
          }
          // Asked while it waits or runs, it is tried once more: a worker that died may have left it as running.
          if ((row.media_state === "pending" || row.media_state === "running") && askedJustNow(id)) return;
          if (row.media_state !== "running")
            await setMediaState(tx, id, { state: "pending", code: null, detail: null });
          for (const name of ["probe", "positions"] as const)
            await deps.jobs.send(tx, name, { agencyId: principal.agencyId, id });
        });
        return { status: 202, body: { state: "pending" } };
      },
    }),
  ];
}
