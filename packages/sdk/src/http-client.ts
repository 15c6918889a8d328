import { IDLE_HEADER } from "@sworn/contract";
import type { z } from "zod";
import { pause } from "./pause.ts";
import { newKey, waitBeforeNext } from "./send-again.ts";
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
  /**
   * Left out: each request that changes something gets a key of its own, and is sent again under it where no answer
   * came. A text: the key of the one request this client is for. Null: no keys, and nothing is sent again.
   */
  readonly idempotencyKey?: string | null;
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
  /** Instead of the client's. */
  readonly idempotencyKey?: string | null;
}

/** What a person can do something about, there and then: what was asked waits for it. */
const doors: readonly string[] = ["session-locked", "second-factor-needed", "notice-not-accepted"];

const cancelled = "The request was cancelled.";

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

  /** Sends it, and under its Idempotency-Key again where nobody knows whether it arrived; never what has no key. */
  async call(method: string, url: string, options: CallOptions = {}): Promise<Response> {
    const { key: first, chosen } = this.#keyOf(method, options);
    let key = first;
    let time = this.#timeLimit(options);
    for (let tries = 0; ;) {
      try {
        return await this.#ask(method, url, options, key, time.signal);
      } catch (error) {
        if (!(error instanceof SwornError)) throw error;
        const { unlocked } = this.#options;
        if (doors.includes(error.code) && unlocked !== undefined && !(options.body instanceof ReadableStream)) {
          await unlocked();
          time = this.#timeLimit(options);
          continue;
        }
        // The server keeps no more answers today: what nobody chose a key for goes without.
        if (error.extra["withoutKey"] === true && !chosen && tries === 0 && key !== null) {
          key = null;
          continue;
        }
        tries += 1;
        const wait = key === null ? null : waitBeforeNext(error, tries);
        if (wait === null || Date.now() + wait > time.end) throw error;
        await pause(wait, options.signal, cancelled);
      }
    }
  }

  /** Of bytes none: they are taken once by their own numbers. */
  #keyOf(method: string, options: CallOptions): { key: string | null; chosen: boolean } {
    if (!["POST", "PUT", "PATCH", "DELETE"].includes(method) || options.body !== undefined)
      return { key: null, chosen: false };
    const chosen = options.idempotencyKey === undefined ? this.#options.idempotencyKey : options.idempotencyKey;
    return chosen === undefined ? { key: newKey(), chosen: false } : { key: chosen, chosen: true };
  }

  /** For all tries together. */
  #timeLimit(options: CallOptions): { signal: AbortSignal | null; end: number } {
    const limit = options.timeoutMs === undefined ? (this.#options.timeoutMs ?? 30_000) : options.timeoutMs;
    if (limit === null) return { signal: null, end: Number.POSITIVE_INFINITY };
    return { signal: AbortSignal.timeout(limit), end: Date.now() + limit };
  }

  async #ask(
    method: string,
    url: string,
    options: CallOptions,
    key: string | null,
    timer: AbortSignal | null,
  ): Promise<Response> {
    const signals = [timer, options.signal].filter((signal) => signal !== null && signal !== undefined);
    const init: RequestInit & { duplex?: "half" } = {
      method,
      headers: {
        accept: "application/json",
        ...this.authorization(),
        ...this.idle(),
        ...(options.json === undefined ? {} : { "content-type": "application/json" }),
        ...(key === null ? {} : { "idempotency-key": key }),
        ...options.headers,
      },
      // A key must not follow a redirect to another host.
      redirect: "error",
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      ...(options.body instanceof ReadableStream ? { duplex: "half" as const } : {}),
    };
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    if (body !== undefined) Object.assign(init, { body });
    let response: Response;
    try {
      response = await this.#fetch(url, init);
    } catch (cause) {
      if (options.signal?.aborted === true) throw new SwornError("cancelled", cancelled, { cause });
      if (sourceFailed(cause)) {
        throw new SwornError("source-changed", "The file could not be read, or changed while it was sent.", { cause });
      }
      if (timer?.aborted === true) throw new SwornError("timed-out", "The server did not answer in time.", { cause });
      throw new SwornError("network", "The server could not be reached, or the connection broke.", { cause });
    }
    if (!response.ok) throw await readProblem(response);
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
