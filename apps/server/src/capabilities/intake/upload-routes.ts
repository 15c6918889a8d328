import { Id, Problem, UploadList, UploadStatus } from "@sworn/contract";
import { z } from "zod";
import { type Reply, type Route, type RouteContext, route } from "../../ports/http.ts";
import { TokenBuckets } from "../../ports/token-buckets.ts";
import { createUpload } from "./create-upload.ts";
import { type PatchDeps, patchUpload } from "./patch-upload.ts";
import { terminateUpload } from "./terminate-upload.ts";
import { TUS_VERSION, answerTus, assertTusVersion } from "./tus-answer.ts";
import { type IntakeDeps, tinyBodies } from "./upload-deps.ts";
import { parseChecksum, parseUploadMetadata, parseWhole } from "./upload-rules.ts";
import { describeUpload } from "./upload-status.ts";
import { type Upload, listOpenUploads, ownUpload } from "./upload-store.ts";

const BASE = "/api/v1/uploads";
const OFFSET_TYPE = "application/offset+octet-stream";
const params = z.object({ id: Id });
type OfOne = RouteContext<{ id: string }>;

/** tus 1.0 at /api/v1/uploads: creation, creation-with-upload, checksum, termination, expiration. */
export function uploadRoutes(given: IntakeDeps): Route[] {
  const deps = { ...given, tiny: new TokenBuckets(given.tinyBodies ?? tinyBodies, given.clock) };
  const access = { permission: "upload.create" } as const;
  const one = `${BASE}/:id`;
  return [
    ...[BASE, one].map((path) =>
      route({
        method: "OPTIONS",
        path,
        access: { public: "says only which protocol is spoken; browsers ask it before they sign in" },
        summary: "Which parts of tus 1.0 are spoken",
        handle: () => Promise.resolve(capabilities()),
      }),
    ),
    route({
      method: "POST",
      path: BASE,
      access,
      summary: "Begin an upload (tus creation, creation-with-upload)",
      streamsBody: true,
      handle: (context) => answerTus(() => create(deps, context)),
    }),
    route({
      method: "HEAD",
      path: one,
      whileLocked: true, // a long upload goes on behind the lock screen: it shows nobody anything
      access,
      summary: "How far an upload is (tus)",
      params,
      handle: (context) => answerTus(() => head(deps, context)),
    }),
    route({
      method: "PATCH",
      path: one,
      whileLocked: true, // a long upload goes on behind the lock screen: it shows nobody anything
      access,
      summary: "Send bytes of an upload (tus)",
      params,
      streamsBody: true,
      handle: (context) => answerTus(() => patch(deps, context)),
    }),
    route({
      method: "DELETE",
      path: one,
      access,
      summary: "End an upload (tus termination); what arrived is kept as incomplete",
      params,
      handle: (context) =>
        answerTus(async () => {
          assertTusVersion(context.headers);
          await terminateUpload(deps, context.principal, context.params.id);
          return { status: 204 };
        }),
    }),
    route({
      method: "GET",
      path: `${one}/status`,
      access,
      summary: "Received, sealing, stored with the evidence id, or refused with why",
      params,
      answer: UploadStatus,
      handle: async ({ principal, params: { id } }) => ({ body: describeUpload(await find(deps, principal, id)) }),
    }),
    route({
      method: "GET",
      path: BASE,
      access,
      summary: "My uploads that have not ended, newest first",
      query: z.object({ state: z.literal("open").default("open") }),
      answer: UploadList,
      handle: async ({ principal }) => {
        const uploads = await deps.database.forAgency(principal.agencyId, (tx) => listOpenUploads(tx, principal));
        return { body: { items: uploads.map(describeUpload) } };
      },
    }),
  ];
}

function find(deps: IntakeDeps, principal: OfOne["principal"], id: string): Promise<Upload> {
  return deps.database.forAgency(principal.agencyId, (tx) => ownUpload(tx, principal, id));
}

function capabilities(): Reply {
  return {
    status: 204,
    headers: {
      "tus-resumable": TUS_VERSION,
      "tus-version": TUS_VERSION,
      "tus-extension": "creation,creation-with-upload,checksum,termination,expiration",
      "tus-checksum-algorithm": "sha256,sha1",
    },
  };
}

async function create(deps: PatchDeps, context: RouteContext): Promise<Reply> {
  const { headers, principal, raw } = context;
  assertTusVersion(headers);
  if (headers["upload-concat"] !== undefined)
    throw new Problem("request-malformed", "Uploads are not put together from parts here: send several files at once.");
  const length = parseWhole("Upload-Length", headers["upload-length"]);
  if (length === null) throw new Problem("length-missing");
  const facts = parseUploadMetadata(headers["upload-metadata"]);
  const checksum = parseChecksum(headers["upload-checksum"]);
  const bodyLength = bodyLengthOf(headers);
  const hasBody = headers["content-type"] === OFFSET_TYPE && bodyLength !== 0;
  if (!hasBody && bodyLength !== 0) throw new Problem("media-type-unsupported");
  const upload = await createUpload(deps, principal, length, facts);
  const at = { location: `${BASE}/${upload.id}` };
  if (!hasBody) return { status: 201, headers: { ...at, "upload-offset": "0", ...expires(upload.expires_at) } };
  const request = { id: upload.id, offset: 0, checksum, bodyLength };
  const { received, expiresAt } = await patchUpload(deps, principal, raw, request);
  return { status: 201, headers: { ...at, "upload-offset": String(received), ...expires(expiresAt) } };
}

async function head(deps: IntakeDeps, { headers, principal, params: { id } }: OfOne): Promise<Reply> {
  assertTusVersion(headers);
  await find(deps, principal, id);
  await deps.writers.settleSilent(id);
  const upload = await find(deps, principal, id);
  if (["refused", "incomplete", "cancelled"].includes(upload.state)) throw new Problem("upload-gone");
  return {
    headers: {
      "upload-offset": String(upload.received),
      "upload-length": String(upload.length),
      "upload-metadata": `filename ${Buffer.from(upload.name).toString("base64")}`,
      ...(upload.state === "receiving" ? expires(upload.expires_at) : {}),
    },
  };
}

async function patch(deps: PatchDeps, { headers, principal, raw, params: { id } }: OfOne): Promise<Reply> {
  assertTusVersion(headers);
  if (headers["content-type"] !== OFFSET_TYPE) throw new Problem("media-type-unsupported");
  const offset = parseWhole("Upload-Offset", headers["upload-offset"]);
  if (offset === null) throw new Problem("request-malformed", "Upload-Offset is missing.");
  const checksum = parseChecksum(headers["upload-checksum"]);
  const request = { id, offset, checksum, bodyLength: bodyLengthOf(headers) };
  const { received, expiresAt } = await patchUpload(deps, principal, raw, request);
  return { status: 204, headers: { "upload-offset": String(received), ...expires(expiresAt) } };
}

/** Null for a chunked body; 0 where there is none. */
function bodyLengthOf(headers: RouteContext["headers"]): number | null {
  if (headers["transfer-encoding"] !== undefined) return null;
  return parseWhole("Content-Length", headers["content-length"]) ?? 0;
}

const expires = (at: Date | null): Record<string, string> =>
  at === null ? {} : { "upload-expires": at.toUTCString() };
