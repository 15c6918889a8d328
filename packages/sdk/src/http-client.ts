import { IDLE_HEADER } from "@sworn/contract";
import type { z } from "zod";
import { readProblem, SwornError } from "./sworn-error.ts";

export interface ClientOptions {
  /** Where the server is: `https://evidence.example.org`. Empty in the web app: this site. */
  readonly url: string;
  /** API or device key; left out in the web app, where the session cookie speaks. */
  readonly token?: string;
  /** For tests and for runtimes with their own fetch. */
  readonly fetch?: typeof fetch;
  /** In a browser: seconds since the person last did something, said with each request so that an idle session locks. */
  readonly idleSeconds?: () => number;
  /** In a browser: asked when the session is locked, or waits for something of its person. Once it resolves, what was asked is asked again: nothing is lost. */
  readonly unlocked?: () => Promise<void>;
  /** Longest wait for one answer, in ms; sending a body is not counted against it. Default 30 s. */
  readonly timeoutMs?: number;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export interface CallOptions {
  readonly query?: Query;
  readonly json?: unknown;
  readonly body?: Uint8Array | Blob | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Null: no limit of our own (long uploads). */
  readonly timeoutMs?: number | null;
}

/** What a person can do something about, there and then: what was asked waits for it. */
const doors: readonly string[] = ["session-locked", "second-factor-needed", "notice-not-accepted"];

/** One place that knows how to ask: address, key, time limit, and errors as SwornError. */
export class HttpClient {
  readonly #options: ClientOptions;
  readonly #fetch: typeof fetch;
  constructor(options: ClientOptions) {
    this.#options = options;
    // Unbound, a browser's fetch throws "Illegal invocation".
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  url(path: string, query: Query = {}): string {
    const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, String(value)]],
    );
    const base = this.#options.url.replace(/\/+$/, "");
    return base + path + (pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`);
  }

  /** An address the server gave (Location), against the address the user gave: never another host with our key. */
  resolve(location: string): string {
    if (location.startsWith("/") && !location.startsWith("//")) return this.url(location);
    const path = new URL(location);
    return this.url(path.pathname + path.search);
  }

  authorization(): Record<string, string> {
    return this.#options.token === undefined ? {} : { authorization: `Bearer ${this.#options.token}` };
  }

  async call(method: string, url: string, options: CallOptions = {}): Promise<Response> {
    const limit = options.timeoutMs === undefined ? (this.#options.timeoutMs ?? 30_000) : options.timeoutMs;
    const timer = limit === null ? null : AbortSignal.timeout(limit);
    const signals = [timer, options.signal].filter((signal) => signal !== null && signal !== undefined);
    const streaming = options.body instanceof ReadableStream;
    const init: RequestInit & { duplex?: "half" } = {
      method,
      headers: {
        accept: "application/json",
        ...this.authorization(),
        ...this.idle(),
        ...(options.json === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      // A key must not follow a redirect to another host.
      redirect: "error",
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      ...(streaming ? { duplex: "half" as const } : {}),
    };
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    if (body !== undefined) Object.assign(init, { body });
    let response: Response;
    try {
      response = await this.#fetch(url, init);
    } catch (cause) {
      if (options.signal?.aborted === true) throw new SwornError("cancelled", "The request was cancelled.", { cause });
      if (sourceFailed(cause)) {
        throw new SwornError("source-changed", "The file could not be read, or changed while it was sent.", { cause });
      }
      if (timer?.aborted === true) throw new SwornError("timed-out", "The server did not answer in time.", { cause });
      throw new SwornError("network", "The server could not be reached, or the connection broke.", { cause });
    }
    if (!response.ok) {
      const problem = await readProblem(response);
      const { unlocked } = this.#options;
      if (!doors.includes(problem.code) || unlocked === undefined || streaming) throw problem;
      await unlocked();
      return await this.call(method, url, options);
    }
    return response;
  }

  /** What a browser says of its person with each request. */
  idle(): Record<string, string> {
    const seconds = this.#options.idleSeconds?.();
    return seconds === undefined ? {} : { [IDLE_HEADER]: String(Math.max(0, Math.floor(seconds))) };
  }

  /** Asks under the API's path and checks that the answer has the contract's shape. */
  async json<T>(shape: z.ZodType<T>, method: string, path: string, options: CallOptions = {}): Promise<T> {
    return this.parse(shape, await this.call(method, this.url(path, options.query), options));
  }

  async parse<T>(shape: z.ZodType<T>, response: Response): Promise<T> {
    const parsed = shape.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new SwornError("unexpected-answer", `The answer of ${response.url} is not what the contract says.`, {
      status: response.status,
      cause: parsed.error,
    });
  }
}

/** A Blob over a file that changed or vanished fails in the middle of the body; trying again cannot help. */
function sourceFailed(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause)
    if (error.name === "NotReadableError") return true;
  return false;
}
