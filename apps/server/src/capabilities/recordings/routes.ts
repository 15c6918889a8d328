import {
  CloseRecording,
  FragmentReceipt,
  OpenRecording,
  Problem,
  RecordingList,
  RecordingStatus,
  TrackPush,
} from "@sworn/contract";
import { MAX_INIT_BYTES } from "@sworn/core";
import { z } from "zod";
import { type Principal, type Reply, route, type Route, type RouteContext } from "../../ports/http.ts";
import { type CloseDeps, closeRecording } from "./close-recording.ts";
import { openRecording, type OpenDeps } from "./open-recording.ts";
import { ensureTake } from "./open-take.ts";
import { pushTrack } from "./push-track.ts";
import { type BodyBudget, type BodyLimits, withBody } from "./read-body.ts";
import { assertReadable, listRecordings, readStatus } from "./read-status.ts";
import { receive, type ReceiveDeps } from "./receive-fragment.ts";
import { FRAGMENT_BYTES, parseContentDigest } from "./rules.ts";
import { type LiveDeps, serveFragment, servePlaylist } from "./serve-live.ts";

export interface RecordingRoutesDeps extends OpenDeps, CloseDeps, ReceiveDeps, LiveDeps {
  readonly budget: BodyBudget;
  readonly bodyLimits: Omit<BodyLimits, "maxBytes">;
  /** Called when takes ended, so that what is left of them is rolled at once. */
  readonly wakeKeeper: () => void;
}

const RecordingParam = z.object({ id: z.uuid() });
const TakeParam = z.object({ id: z.uuid(), k: z.coerce.number().int().min(0).max(9999) });
const FragmentParam = TakeParam.extend({ n: z.coerce.number().int().min(0).max(10_000_000) });
const ListQuery = z.object({ state: RecordingStatus.shape.state.optional() });

export function recordingRoutes(deps: RecordingRoutesDeps): Route[] {
  return [...cameraRoutes(deps), ...readerRoutes(deps)];
}

function cameraRoutes(deps: RecordingRoutesDeps): Route[] {
  const access = { permission: "recording.send" } as const;
  const take = async (context: RouteContext, where: { id: string; k: number; n: number }): Promise<Reply> => {
    const { id: recordingId, k, n } = where;
    assertCamera(context.principal);
    const declared = parseContentDigest(context.headers["content-digest"]);
    const limits = { ...deps.bodyLimits, maxBytes: n === -1 ? MAX_INIT_BYTES : FRAGMENT_BYTES };
    const sender = context.principal.deviceId ?? context.principal.actorId;
    return await withBody(context.raw, limits, deps.budget, sender, async (bytes) => {
      if (n === -1 && (await ensureTake(deps, context.principal, recordingId, k)))
        deps.register.dropRecording(recordingId);
      const receipt = await receive(deps, context.principal, { recordingId, take: k, n, bytes, declared });
      return { body: receipt };
    });
  };
  return [
    route({
      method: "POST",
      path: "/api/v1/recordings",
      access,
      summary: "Open a recording under an id of the camera's choice; the same request again is the same recording",
      body: OpenRecording,
      answer: RecordingStatus,
      handle: async ({ principal, body }) => {
        const { created, status } = await openRecording(deps, principal, body);
        return { status: created ? 201 : 200, body: status };
      },
    }),
    route({
      method: "PUT",
      path: "/api/v1/recordings/:id/takes/:k/init",
      access,
      summary: "A take's init segment (fMP4 ftyp+moov); the next k begins a new take",
      params: TakeParam,
      streamsBody: true,
      answer: FragmentReceipt,
      handle: (context) => take(context, { ...context.params, n: -1 }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/recordings/:id/takes/:k/fragments/:n",
      access,
      summary: "One whole fMP4 fragment; the answer is `received` once it is durable here",
      params: FragmentParam,
      streamsBody: true,
      uncounted: true,
      answer: FragmentReceipt,
      handle: (context) => take(context, context.params),
    }),
    route({
      method: "PUT",
      path: "/api/v1/recordings/:id/takes/:k/track",
      access,
      summary: "Positions of a take, appended to its list",
      params: TakeParam,
      uncounted: true,
      body: TrackPush,
      answer: z.object({ next: z.int() }),
      handle: async ({ principal, params, body }) => {
        assertCamera(principal);
        return { body: await pushTrack(deps.database, principal, { recordingId: params.id, take: params.k }, body) };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/recordings/:id/close",
      access,
      summary: "End a recording, naming how many fragments each take has",
      params: RecordingParam,
      body: CloseRecording,
      answer: RecordingStatus,
      handle: async ({ principal, params, body }) => {
        assertCamera(principal);
        const status = await closeRecording(deps, principal, params.id, body);
        deps.register.dropRecording(params.id);
        deps.wakeKeeper();
        return { body: status };
      },
    }),
  ];
}

function readerRoutes(deps: RecordingRoutesDeps): Route[] {
  const access = { permission: "recording.read" } as const;
  return [
    route({
      method: "GET",
      path: "/api/v1/recordings",
      access,
      summary: "Recordings, newest first; a camera sees its own",
      query: ListQuery,
      answer: RecordingList,
      handle: async ({ principal, query }) => ({
        body: {
          items: await deps.database.forAgency(principal.agencyId, (tx) => listRecordings(tx, principal, query)),
        },
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/recordings/:id",
      access,
      summary: "What is received and what is stored: a camera asks before it deletes",
      params: RecordingParam,
      answer: RecordingStatus,
      handle: async ({ principal, params }) => ({
        body: await deps.database.forAgency(principal.agencyId, async (tx) => {
          await assertReadable(tx, principal, params.id);
          return await readStatus(tx, params.id);
        }),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/recordings/:id/live.m3u8",
      access: { permission: "evidence.view" },
      summary: "HLS playlist of what is received of a running recording",
      params: RecordingParam,
      handle: ({ principal, params }) => servePlaylist(deps, principal, params.id),
    }),
    route({
      method: "GET",
      path: "/api/v1/recordings/:id/takes/:k/init",
      access: { permission: "evidence.view" },
      summary: "A take's init segment, for players",
      params: TakeParam,
      handle: ({ principal, params }) =>
        serveFragment(deps, principal, { recordingId: params.id, take: params.k, n: -1 }),
    }),
    route({
      method: "GET",
      path: "/api/v1/recordings/:id/takes/:k/fragments/:n",
      access: { permission: "evidence.view" },
      summary: "One received fragment, for players",
      params: FragmentParam,
      handle: ({ principal, params }) =>
        serveFragment(deps, principal, { recordingId: params.id, take: params.k, n: params.n }),
    }),
  ];
}

function assertCamera(principal: Principal): void {
  if (principal.deviceId === null) throw new Problem("not-allowed", "Only a camera's own key can record.");
}
