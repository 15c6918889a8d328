import { AddCaptions, CaptionsAdded, Id, Problem } from "@sworn/contract";
import { toHex } from "@sworn/core";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { assertViewable } from "../access/index.ts";
import { actorOf, appendOncePerQuarterHour } from "../custody/index.ts";
import { openFile } from "../intake/index.ts";
import { findCaptions, keepCaptions, type KeepDeps } from "./keep-captions.ts";
import { readWebVtt } from "./rules.ts";

const params = z.object({ id: Id });

/** Captions of an item: read beside its picture, and brought by hand. */
export function captionRoutes(deps: KeepDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/captions",
      access: { permission: "evidence.view" },
      summary: "The newest captions of an item, as WebVTT of plain text",
      params,
      handle: async ({ principal, params: { id } }) => {
        const file = await deps.database.forAgency(principal.agencyId, async (tx) => {
          await assertCaptioned(tx, principal, id);
          const found = await findCaptions(tx, id);
          if (found !== undefined)
            await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
              kind: "evidence.viewed",
              subject: { kind: "evidence", id },
              ...actorOf(principal),
              details: { of: "captions" },
            });
          return found;
        });
        if (file === undefined) throw new Problem("not-found", "This item has no captions.");
        const { bytes, size } = await openFile(deps, principal.agencyId, file.id);
        return {
          headers: {
            "content-type": "text/vtt; charset=utf-8",
            "content-length": String(size),
            "cache-control": "private, no-cache",
            "x-content-type-options": "nosniff",
            ...(file.sha256 === null ? {} : { etag: `"${toHex(file.sha256)}"` }),
          },
          body: bytes,
        };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/evidence/:id/captions",
      access: { permission: "derivative.create" },
      summary: "Bring captions as WebVTT: times and texts are kept, styles and tags are not; the newest hold",
      params,
      body: AddCaptions,
      answer: CaptionsAdded,
      handle: async ({ principal, params: { id }, body }) => {
        const wanted = async (tx: Tx): Promise<boolean> => {
          await assertCaptioned(tx, principal, id);
          return true;
        };
        // Before a byte is kept for it, and once more where it is kept.
        await deps.database.forAgency(principal.agencyId, wanted);
        const cues = readWebVtt(body.vtt);
        if (cues === null)
          throw new Problem(
            "request-malformed",
            "This is no WebVTT with captions in it. It begins with WEBVTT and holds times like 00:01.000 --> 00:04.000, at most 20,000 of them. Nothing was changed.",
          );
        await keepCaptions(deps, {
          agencyId: principal.agencyId,
          evidenceId: id,
          cues,
          madeBy: { by: "person" },
          actor: actorOf(principal),
          stillWanted: wanted,
        });
        return { status: 201, body: { cues: cues.length } };
      },
    }),
  ];
}

/** Items that can be watched, and are: what is sealed still, or was disposed of, has no captions. */
async function assertCaptioned(tx: Tx, principal: Principal, id: string): Promise<void> {
  await assertViewable(tx, principal, id);
  const item = await tx.selectFrom("sworn.evidence").select(["state", "kind"]).where("id", "=", id).executeTakeFirst();
  if (item === undefined || item.state === "disposed") throw new Problem("not-found");
  if (item.state === "live" || item.state === "sealing") throw new Problem("not-stored-yet");
}
