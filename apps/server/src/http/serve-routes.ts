import { Readable } from "node:stream";
import { Problem, type ProblemCode } from "@sworn/contract";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Access, may, type Principal, type Reply, type Route, type RouteContext } from "../ports/http.ts";
import type { KeptAnswers } from "../ports/kept-answers.ts";
import type { Log } from "../ports/log.ts";
import type { TokenBuckets } from "../ports/token-buckets.ts";
import { type ClientAddress, socketAddress } from "./client-address.ts";
import { refuseForgery, refuseOddPath, securityHeaders } from "./guard.ts";
import { noteFailure, toProblem } from "./problem-reply.ts";
import { STRANGERS_BYTES, readJson } from "./read-json.ts";
import { repeatOnce, type ShownTo } from "./repeat-once.ts";

export interface ServeOptions {
  readonly routes: readonly Route[];
  /** Who is asking; null when nobody was proven. `viaCookie` turns the forgery check on. */
  readonly identify: (request: {
    headers: Headers;
    method: string;
  }) => Promise<{ principal: Principal; viaCookie: boolean; locked?: boolean; waits?: ProblemCode | null } | null>;
  readonly log: Log;
  /** Origins of our own pages, for the forgery check. */
  readonly ownOrigins: () => readonly string[];
  /** Validates every 2xx JSON answer against its schema (tests, demo). */
  readonly checkAnswers?: boolean;
  /** How many requests a camera may send, by device; what is declared `uncounted` aside. Left out: no limit. */
  readonly requests?: TokenBuckets;
  /** Where answers to requests with an Idempotency-Key are kept. Left out: the header means nothing. */
  readonly keptAnswers?: KeptAnswers;
  /** What an answer given again may still hold (access decides). Left out: all that it held. */
  readonly shownTo?: ShownTo;
  /** Proxies whose word on the client's address is taken (`trustProxies`). Left out: nobody's. */
  readonly clientAddress?: ClientAddress;
}

/** Nobody: what public routes see as the principal. Holds no role, no agency. */
export const anonymous: Principal = {
  kind: "key",
  actorId: "00000000-0000-0000-0000-000000000000",
  agencyId: "00000000-0000-0000-0000-000000000000",
  roles: [],
  personId: null,
  deviceId: null,
};

/** Mounts the declared routes, and nothing else, on a Fastify server. Every answer that fails is a problem document. */
export function serveRoutes(options: ServeOptions): FastifyInstance {
  const server = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: Number.MAX_SAFE_INTEGER, // bodies are read by us, with limits of their own
    requestTimeout: 0, // uploads take as long as they take; a minimum rate guards them instead
    forceCloseConnections: true,
    // A URL that does not decode is answered outside of every hook: the safe headers must be there too.
    frameworkErrors: (_error, _request, reply) => {
      void sendProblem(reply.headers(securityHeaders), new Problem("request-malformed"), options.log);
    },
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    routerOptions: { maxParamLength: 300, caseSensitive: true, ignoreTrailingSlash: false },
  });
  // The body stays on the socket until the route's own reader takes it.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined));
  server.setErrorHandler((error, _request, reply) => sendProblem(reply, error, options.log));
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, new Problem("not-found"), options.log));
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    refuseOddPath(request.raw.url ?? "/");
  });
  for (const declared of options.routes) mount(server, declared, options);
  return server;
}

function mount(server: FastifyInstance, declared: Route, options: ServeOptions): void {
  server.route({
    method: declared.method,
    url: declared.path,
    config: { access: declared.access },
    handler: async (request, reply) => {
      const principal = await authorize(request, declared, options);
      if (principal.deviceId !== null && declared.uncounted !== true) options.requests?.take(principal.deviceId);
      const aborted = new AbortController();
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) aborted.abort();
      });
      const context: RouteContext = {
        principal,
        params: parse(declared.params, request.params, "not-found"),
        query: parse(declared.query, request.query, "request-malformed"),
        body:
          declared.body === undefined
            ? undefined
            : parse(declared.body, await readJson(request.raw, maxJson(declared.access)), "request-malformed"),
        headers: flatHeaders(request),
        raw: request.raw,
        ip: (options.clientAddress ?? socketAddress)(request.raw.socket.remoteAddress ?? "", request.headers),
        signal: aborted.signal,
      };
      const repeatable = { declared, principal, key: context.headers["idempotency-key"], url: request.raw.url ?? "" };
      const answer = await repeatOnce(
        options.keptAnswers,
        { ...repeatable, body: context.body },
        () => declared.handle(context),
        options.shownTo,
      );
      if (options.checkAnswers === true && declared.answer !== undefined && (answer.status ?? 200) < 300)
        // An answer given again comes as the text that was kept.
        declared.answer.parse(JSON.parse(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body)));
      return await send(reply, answer, options.log);
    },
  });
}

async function authorize(
  request: FastifyRequest,
  { access, whileLocked = false, whileWaiting = "never", ownPagesOnly = false }: Route,
  options: ServeOptions,
): Promise<Principal> {
  if (ownPagesOnly) refuseForgery(request.raw, options.ownOrigins());
  if ("public" in access) return anonymous;
  const found = await options.identify({ headers: toHeaders(request), method: request.method });
  if (found === null) {
    // A program has nowhere to sign in: it has a key, and its person is to look at that.
    const withKey = request.headers.authorization !== undefined;
    throw new Problem("not-signed-in", withKey ? "This key is not known here, or it was revoked." : undefined);
  }
  if (found.viaCookie) refuseForgery(request.raw, options.ownOrigins());
  if (found.locked === true && !whileLocked) throw new Problem("session-locked");
  // Who has not accepted the notice has not come as far as to the second factor.
  const waits = found.waits ?? null;
  const answered = waits === "second-factor-needed" ? whileWaiting !== "never" : whileWaiting === "always";
  if (waits !== null && !answered) throw new Problem(waits);
  if ("permission" in access && !may(found.principal, access.permission)) throw new Problem("not-allowed");
  return found.principal;
}

const maxJson = (access: Access): number | undefined => ("public" in access ? STRANGERS_BYTES : undefined);

function parse(schema: Route["body"], value: unknown, code: "not-found" | "request-malformed"): unknown {
  if (schema === undefined) return value;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` (${issue.path.join(".")})`;
  throw new Problem(code, code === "not-found" ? undefined : `${issue?.message ?? "Not understood"}${where}`);
}

async function send(reply: FastifyReply, answer: Reply, log: Log): Promise<FastifyReply> {
  reply.status(answer.status ?? 200).headers({ "cache-control": "no-store", ...answer.headers });
  // Whoever is answered before the whole body came leaves the connection unusable; left open, nothing would ever end it.
  if (!reply.request.raw.complete) reply.header("connection", "close");
  const body = answer.body;
  if (body === undefined || body === null) return await reply.send();
  if (typeof body === "string") return await reply.send(body);
  if (body instanceof Uint8Array) return await reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  if (Symbol.asyncIterator in body)
    return await reply.send(Readable.from(noted(reply, body, log), { objectMode: false, highWaterMark: 1 << 20 }));
  return await reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(body));
}

/** Once the first byte has left, nobody is told any more what broke a body off: the operator is. */
async function* noted(reply: FastifyReply, body: AsyncIterable<Uint8Array>, log: Log): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if (reply.raw.headersSent) noteFailure(error, log); // else the error handler does, and answers
    throw error;
  }
}

/** The client went away in the middle: no failure of ours, and nobody is there to answer. */
function clientLeft(reply: FastifyReply, error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const broken = code === "ECONNRESET" || code === "EPIPE" || code === "ERR_STREAM_PREMATURE_CLOSE";
  return broken && (reply.raw.destroyed || reply.request.raw.destroyed || reply.request.raw.errored !== null);
}

function sendProblem(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  if (reply.raw.headersSent || clientLeft(reply, error)) {
    reply.raw.destroy(); // half an answer must not look like a whole one
    return reply;
  }
  // The framework's own refusals (bad URL, bad headers) carry a status; they are the sender's fault.
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  const document = toProblem(status >= 400 && status < 500 ? new Problem("request-malformed") : error, log);
  if (!reply.request.raw.complete) reply.header("connection", "close");
  return reply.status(document.status).headers(document.headers).send(JSON.stringify(document.body));
}

function toHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string") headers.set(name, value);
    else if (value !== undefined) headers.set(name, value.join(", "));
  return headers;
}

function flatHeaders(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(toHeaders(request).entries());
}
