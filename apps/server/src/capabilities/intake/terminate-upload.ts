import { Problem } from "@sworn/contract";
import type { Principal } from "../../ports/http.ts";
import { actorOf } from "../custody/index.ts";
import { endUnfinished } from "./keep-incomplete.ts";
import type { IntakeDeps } from "./upload-deps.ts";
import { holdUpload, ownUpload } from "./upload-store.ts";

/** Ends an upload at its sender's wish (tus DELETE). Bytes that were acknowledged stay, as an incomplete item. */
export async function terminateUpload(deps: IntakeDeps, principal: Principal, id: string): Promise<void> {
  await deps.database.forAgency(principal.agencyId, (tx) => ownUpload(tx, principal, id));
  await deps.writers.end(id);
  await deps.database.forAgency(principal.agencyId, async (tx) => {
    const upload = await holdUpload(tx, id);
    const ending = { actor: actorOf(principal), reason: "cancelled" } as const;
    if (upload === undefined || !(await endUnfinished(tx, deps, upload, ending)))
      throw new Problem("upload-gone", "This upload has ended already. What it became is not removed this way.");
  });
}
