import type { HttpClient } from "./http-client.ts";
import { readProblem, SwornError } from "./sworn-error.ts";

export type Body = Blob | Uint8Array | ReadableStream<Uint8Array>;
export interface SendBodyOptions {
  /** Bytes of this body handed over so far. */
  readonly onSent: (sent: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * PATCHes one body with progress. A browser's fetch neither reports progress nor streams over HTTP/1.1, so there
 * XMLHttpRequest is used; elsewhere (Node) the body is streamed and counted.
 */
export async function sendBody(
  http: HttpClient,
  url: string,
  body: Body,
  size: number,
  headers: Record<string, string>,
  options: SendBodyOptions,
): Promise<Response> {
  const Request = (globalThis as { XMLHttpRequest?: new () => BrowserRequest }).XMLHttpRequest;
  if (Request !== undefined && !(body instanceof ReadableStream)) {
    return sendFromBrowser(new Request(), url, body, { ...http.authorization(), ...http.idle(), ...headers }, options);
  }
  const stream =
    body instanceof ReadableStream ? body : body instanceof Blob ? body.stream() : new Blob([body.slice()]).stream();
  const counted = stream.pipeThrough(countBytes(options.onSent));
  return http.call("PATCH", url, {
    body: counted,
    // Known length: without it Node would send chunked, and the server could not tell a short body from a whole one.
    headers: { ...headers, "content-length": String(size) },
    signal: options.signal,
    timeoutMs: null,
  });
}

function countBytes(onSent: (sent: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let sent = 0;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller): void {
      sent += chunk.length;
      controller.enqueue(chunk);
      onSent(sent);
    },
  });
}

/** The part of XMLHttpRequest that is used; declared here so that this compiles where the DOM's types are not. */
interface BrowserRequest extends EventTarget {
  readonly status: number;
  readonly response: unknown;
  responseType: string;
  readonly upload: EventTarget;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: Blob | Uint8Array): void;
  abort(): void;
}

function sendFromBrowser(
  request: BrowserRequest,
  url: string,
  body: Blob | Uint8Array,
  headers: Record<string, string>,
  options: SendBodyOptions,
): Promise<Response> {
  const { signal, onSent } = options;
  return new Promise<Response>((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancelled());
    const abort = (): void => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    request.addEventListener("error", () => reject(new SwornError("network", "The connection broke while sending.")));
    request.addEventListener("abort", () => reject(cancelled()));
    request.addEventListener("load", () => {
      const answer = toResponse(request);
      if (answer.ok) return resolve(answer);
      readProblem(answer).then(reject, reject);
    });
    request.upload.addEventListener("progress", (event) => onSent((event as Event & { loaded: number }).loaded));
    request.open("PATCH", url);
    request.responseType = "text";
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

const cancelled = (): SwornError => new SwornError("cancelled", "The upload was stopped. What was received is kept.");

function toResponse(request: BrowserRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const text = typeof request.response === "string" ? request.response : "";
  // A Response with 204 must have no body, or its constructor throws.
  return new Response(request.status === 204 || text === "" ? null : text, { status: request.status, headers });
}
