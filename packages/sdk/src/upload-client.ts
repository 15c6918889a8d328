import { UploadStatus } from "@sworn/contract";
import { toBase64 } from "./content-digest.ts";
import type { HttpClient } from "./http-client.ts";
import { pause } from "./pause.ts";
import { sendBody } from "./send-body.ts";
import { SwornError } from "./sworn-error.ts";
import type { UploadSource } from "./upload-source.ts";

export interface UploadFacts {
  readonly title?: string;
  /** Lower-case hex SHA-256 of the whole file: the server refuses the file where it differs. */
  readonly sha256?: string;
  /** RFC 3339: when it was recorded, as the source says. */
  readonly capturedAt?: string;
  /** Which enrolled camera left it; only for keys that may speak for others. */
  readonly deviceId?: string;
}
export interface SendOptions {
  /** `sent` counts bytes handed to the connection; after a broken one it goes back to what is durable. */
  readonly onProgress?: (sent: number, size: number) => void;
  readonly signal?: AbortSignal;
  /** Bytes per request. The default of 64 MiB is the server's span: smaller makes more, shorter spans. */
  readonly chunkSize?: number;
  /** Tries in a row without a new durable byte before `too-many-tries`. Default 8, about two minutes. */
  readonly tries?: number;
}

const tus = { "tus-resumable": "1.0.0" };
const stopped = "The upload was stopped. What was received is kept.";
const offsetType = "application/offset+octet-stream";

/** Resumable uploads (tus 1.0). Keep the upload's URL: with it a later run goes on where this one ended. */
export class UploadClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Announces a file; nothing is sent yet. Resolves to the upload's address. */
  async create(source: UploadSource, facts: UploadFacts = {}, signal?: AbortSignal): Promise<string> {
    const response = await this.#http.call("POST", this.#http.url("/api/v1/uploads"), {
      headers: { ...tus, "upload-length": String(source.size), "upload-metadata": encodeMetadata(source, facts) },
      signal,
    });
    const location = response.headers.get("location");
    if (location === null) throw new SwornError("unexpected-answer", "The upload was taken but not given an address.");
    return this.#http.resolve(location);
  }

  /** The offset up to which every byte is durable on the server. `upload-gone` or `not-found`: begin anew. */
  async offset(uploadUrl: string, signal?: AbortSignal): Promise<number> {
    const response = await this.#http.call("HEAD", uploadUrl, { headers: tus, signal });
    const offset = Number(response.headers.get("upload-offset") ?? Number.NaN);
    if (Number.isSafeInteger(offset) && offset >= 0) return offset;
    throw new SwornError("unexpected-answer", "The server did not say how far the upload is.");
  }

  /** Sends what is missing, however often the connection breaks, until every byte is received. */
  async send(uploadUrl: string, source: UploadSource, options: SendOptions = {}): Promise<void> {
    const chunk = options.chunkSize ?? 64 * 1024 * 1024;
    const tries = options.tries ?? 8;
    let failures = 0;
    let known: number | null = null;
    for (let offset = -1; ;) {
      try {
        // After any failure ask: part of a broken body may be durable all the same.
        offset = known ?? (await this.offset(uploadUrl, options.signal));
        options.onProgress?.(offset, source.size);
        if (offset >= source.size) return;
        const start = offset;
        known = await this.#patch(uploadUrl, source, start, Math.min(start + chunk, source.size), options);
        failures = 0;
      } catch (error) {
        const moved = known === null ? await this.#movedPast(uploadUrl, offset, options.signal) : false;
        known = null;
        const conflict = error instanceof SwornError && error.code === "offset-conflict";
        if (!(error instanceof SwornError) || !(error.retryable || conflict)) throw error;
        failures = moved ? 0 : failures + 1;
        if (failures >= tries)
          throw new SwornError("too-many-tries", `Gave up after ${tries} tries; what was received is kept.`, {
            status: error.status,
            cause: error,
          });
        await pause(
          Math.max((error.retryAfterSeconds ?? 0) * 1000, Math.min(30_000, 250 * 2 ** failures)),
          options.signal,
          stopped,
        );
      }
    }
  }

  /** received, sealing, stored with the evidence id, or refused with why. */
  async status(uploadUrl: string, signal?: AbortSignal): Promise<UploadStatus> {
    const response = await this.#http.call("GET", `${uploadUrl.replace(/\/+$/, "")}/status`, { signal });
    return this.#http.parse(UploadStatus, response);
  }

  /** Waits until the file is stored or refused; both are answers, so neither throws. */
  async settled(
    uploadUrl: string,
    options: { onStatus?: (status: UploadStatus) => void; signal?: AbortSignal } = {},
  ): Promise<UploadStatus> {
    for (let wait = 100; ; wait = Math.min(wait * 1.5, 2000)) {
      const status = await this.status(uploadUrl, options.signal).catch((error: unknown) => {
        if (error instanceof SwornError && error.retryable) return null;
        throw error;
      });
      if (status !== null) {
        options.onStatus?.(status);
        if (status.state !== "receiving" && status.state !== "sealing") return status;
      }
      await pause(wait, options.signal, stopped);
    }
  }

  /**
   * Waits on after `stored`, until the file's format was read too, and answers what is known by then: `playOf` says it
   * in one word. Never longer than `patienceMs` (a minute): a queue may be long, and stored it is all the same.
   */
  async formatRead(
    uploadUrl: string,
    options: { readonly patienceMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<UploadStatus> {
    const end = Date.now() + (options.patienceMs ?? 60_000);
    for (let wait = 150; ; wait = Math.min(wait * 1.5, 3000)) {
      const status = await this.settled(uploadUrl, options.signal === undefined ? {} : { signal: options.signal });
      const reading = status.media?.state === "pending" || status.media?.state === "running";
      if (!reading || Date.now() + wait > end) return status;
      await pause(wait, options.signal, stopped);
    }
  }

  /** Ends an upload that was begun by mistake. What had arrived is the server's to keep visible. */
  async cancel(uploadUrl: string, signal?: AbortSignal): Promise<void> {
    await this.#http.call("DELETE", uploadUrl, { headers: tus, signal });
  }

  async #patch(url: string, source: UploadSource, start: number, end: number, options: SendOptions): Promise<number> {
    const headers = { ...tus, "upload-offset": String(start), "content-type": offsetType };
    const onSent = (sent: number): void => options.onProgress?.(start + sent, source.size);
    const answer = await sendBody(this.#http, url, source.read(start, end), end - start, headers, {
      onSent,
      signal: options.signal,
    });
    const offset = Number(answer.headers.get("upload-offset") ?? Number.NaN);
    if (Number.isSafeInteger(offset) && offset > start && offset <= source.size) return offset;
    throw new SwornError("unexpected-answer", "The server did not say how much it received.", {
      status: answer.status,
    });
  }

  async #movedPast(url: string, offset: number, signal?: AbortSignal): Promise<boolean> {
    return this.offset(url, signal).then(
      (now) => now > offset,
      () => false,
    );
  }
}

/**
 * What can be told of playing a stored upload: it plays · it plays up to where the file ends early · no player will
 * open it · not known yet, or reading it failed. Only after `plays` is a sender's own copy no longer needed.
 */
export type Play = "plays" | "ends-early" | "cannot-be-played" | "not-known";

export function playOf(status: Pick<UploadStatus, "media">): Play {
  const { media } = status;
  if (media?.state === "refused") return "cannot-be-played";
  if (media?.state !== "ready") return "not-known";
  return media.code === "truncated" ? "ends-early" : "plays";
}

/** tus metadata: keys with Base64 of UTF-8 text; empty values are left out. */
export function encodeMetadata(source: UploadSource, facts: UploadFacts): string {
  const pairs = { filename: source.name, filetype: source.type, ...facts };
  return Object.entries(pairs)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key} ${toBase64(new TextEncoder().encode(value))}`)
    .join(",");
}
