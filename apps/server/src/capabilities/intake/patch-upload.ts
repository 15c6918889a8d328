import type { IncomingMessage } from "node:http";
import { Problem } from "@sworn/contract";
import type { Principal } from "../../ports/http.ts";
import type { TokenBuckets } from "../../ports/token-buckets.ts";
import { actorOf, append } from "../custody/index.ts";
import { keepIncomplete } from "./keep-incomplete.ts";
import { receiveBody } from "./receive-body.ts";
import { defaultBodyLimits, readRequestBody } from "./request-body.ts";
import { type IntakeDeps, TINY_BYTES } from "./upload-deps.ts";
import type { DeclaredChecksum } from "./upload-rules.ts";
import { type Upload, holdUpload, moveUpload, ownUpload } from "./upload-store.ts";

/**
 * A body with a checksum is counted only at its end, and until then its objects are named by no row. At the minimum
 * rate 256 MiB take 4.6 hours: less than the six after which the sweeper may take unnamed objects for orphans.
 */
const MAX_CHECKED_BODY = 256 << 20;

export interface PatchDeps extends IntakeDeps {
  /** Bodies below 64 KiB, per sender. */
  readonly tiny: TokenBuckets;
}

export interface PatchRequest {
  readonly id: string;
  readonly offset: number;
  readonly checksum: DeclaredChecksum | null;
  /** Content-Length, or null for a chunked body. */
  readonly bodyLength: number | null;
}

/**
 * Takes bytes at an offset (tus PATCH); answers the upload as it stands then. However the body ends, what arrived is
 * sealed and counted. `offset-conflict`, `upload-locked`, `upload-gone`, `body-too-large`, `checksum-mismatch`,
 * `format-unsupported`, `client-too-slow`, `disk-full`, `storage-failed`, `rate-limited`.
 */
export async function patchUpload(
  deps: PatchDeps,
  principal: Principal,
  raw: IncomingMessage,
  request: PatchRequest,
): Promise<{ received: number; expiresAt: Date | null }> {
  const known = await deps.database.forAgency(principal.agencyId, (tx) => ownUpload(tx, principal, request.id));
  return await deps.writers.write(request.id, async (announce) => {
    // Read again: the writer that had the upload before may have moved it on.
    const upload = await deps.database.forAgency(known.agency_id, (tx) => ownUpload(tx, principal, request.id));
    if (upload.received !== request.offset) throw conflict(upload.received);
    if (upload.state !== "receiving") {
      // The answer to the last body was lost and the client asks once more: nothing is left to do.
      if (upload.state !== "sealing" && upload.state !== "stored") throw new Problem("upload-gone");
      if ((request.bodyLength ?? 1) > 0)
        throw new Problem("body-too-large", "Every byte of this file is here already.");
      return { received: upload.received, expiresAt: null };
    }
    assertLength(upload, request);
    // Taken first and given back, so that many connections at once count as many; how long a body is shows at its end.
    const sender = principal.deviceId ?? principal.actorId;
    deps.tiny.take(sender, "Very many very small parts came from you. What arrived is kept; send larger ones.");
    const body = readRequestBody(raw, deps.clock, deps.bodyLimits ?? defaultBodyLimits);
    announce({ silentFor: () => body.silentFor(), stop: () => body.stop("taken-over") });
    const received = await receiveBody(deps, upload, body, request.checksum).catch(async (error: unknown) => {
      if (error instanceof Problem && error.code === "format-unsupported") await refuse(deps, principal, upload.id);
      if (error instanceof Problem && error.code === "offset-conflict") throw conflict(null);
      throw error;
    });
    if (received - upload.received >= TINY_BYTES) deps.tiny.give(sender);
    const end = body.end();
    if (end === "silent" || end === "slow") throw new Problem("client-too-slow", undefined, { extra: { received } });
    if (end === "taken-over") throw new Problem("upload-locked", "A newer connection goes on with this upload.");
    const after = await deps.database.forAgency(upload.agency_id, (tx) => ownUpload(tx, principal, request.id));
    return { received, expiresAt: after.expires_at };
  });
}

function assertLength(upload: Upload, request: PatchRequest): void {
  const { bodyLength, checksum } = request;
  if (bodyLength !== null && upload.received + bodyLength > upload.length)
    throw new Problem("body-too-large", "More bytes were announced than the file has left.");
  if (checksum !== null && (bodyLength === null || bodyLength > MAX_CHECKED_BODY))
    throw new Problem(
      "body-too-large",
      "A body with a checksum has at most 256 MiB and says its length. Send smaller parts.",
    );
}

function conflict(received: number | null): Problem {
  return new Problem("offset-conflict", undefined, received === null ? {} : { extra: { received } });
}

/** Not a format that is taken, and the upload says why. A sender who went byte by byte was promised the first ones. */
async function refuse(deps: IntakeDeps, principal: Principal, id: string): Promise<void> {
  await deps.database.forAgency(principal.agencyId, async (tx) => {
    const upload = await holdUpload(tx, id);
    if (upload === undefined) return;
    const detail = "The first bytes are not those of an MP4 or MOV file, whatever its name says.";
    const set = { state: "refused", code: "format-unsupported", detail } as const;
    const kept = upload.received > 0 ? { evidence_id: upload.own_evidence_id } : {};
    if (!(await moveUpload(tx, id, "receiving", { ...set, ...kept }))) return;
    await append(tx, deps.custody, upload.agency_id, {
      kind: "upload.cancelled",
      subject: { kind: "evidence", id: upload.own_evidence_id },
      ...actorOf(principal),
      reason: "format-unsupported",
      details: { upload: upload.id, received: upload.received, length: upload.length },
    });
    const ending = { actor: actorOf(principal), reason: "format-unsupported" } as const;
    if (upload.received > 0) await keepIncomplete(tx, deps, upload, ending);
  });
}
