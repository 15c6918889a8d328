import { FragmentReceipt, RecordingList, RecordingStatus } from "@sworn/contract";
import type { CloseRecording, OpenRecording, TrackPush } from "@sworn/contract";
import type { z } from "zod";
import { contentDigest } from "./content-digest.ts";
import type { HttpClient } from "./http-client.ts";

export interface PutOptions {
  /** 32 bytes, where the caller has hashed already; else the bytes are hashed here. */
  readonly sha256?: Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * What a camera does. Every call may be repeated after a broken connection: the same bytes under the same
 * number are answered as the first time, other bytes are `fragment-conflict`.
 */
export class RecordingClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }
  /** `id` is the camera's choice (UUID), so that a retried open is the same recording. */
  open(request: z.input<typeof OpenRecording>, signal?: AbortSignal): Promise<RecordingStatus> {
    return this.#http.json(RecordingStatus, "POST", "/api/v1/recordings", { json: request, signal });
  }
  putInit(id: string, take: number, bytes: Uint8Array, options: PutOptions = {}): Promise<FragmentReceipt> {
    return this.#put(`${path(id)}/takes/${take}/init`, bytes, options);
  }
  /** One whole fMP4 fragment, numbered from 0, at most 16 MiB. Resolves when it is received (durable). */
  putFragment(
    id: string,
    take: number,
    n: number,
    bytes: Uint8Array,
    options: PutOptions = {},
  ): Promise<FragmentReceipt> {
    return this.#put(`${path(id)}/takes/${take}/fragments/${n}`, bytes, options);
  }
  async putTrack(id: string, take: number, push: TrackPush, signal?: AbortSignal): Promise<void> {
    await this.#http.call("PUT", this.#http.url(`${path(id)}/takes/${take}/track`), { json: push, signal });
  }
  close(id: string, request: z.input<typeof CloseRecording>, signal?: AbortSignal): Promise<RecordingStatus> {
    return this.#http.json(RecordingStatus, "POST", `${path(id)}/close`, { json: request, signal });
  }
  /** What is received, what is stored. Delete nothing on the camera that is not below `stored`. */
  status(id: string, signal?: AbortSignal): Promise<RecordingStatus> {
    return this.#http.json(RecordingStatus, "GET", path(id), { signal });
  }
  async list(query: { state?: RecordingStatus["state"] } = {}, signal?: AbortSignal): Promise<RecordingStatus[]> {
    const list = await this.#http.json(RecordingList, "GET", "/api/v1/recordings", { query: { ...query }, signal });
    return list.items;
  }

  async #put(where: string, bytes: Uint8Array, options: PutOptions): Promise<FragmentReceipt> {
    const headers = { "content-type": "video/mp4", "content-digest": await contentDigest(bytes, options.sha256) };
    // A slow uplink may need minutes for 16 MiB: the caller's signal ends it, not our own clock.
    return this.#http.json(FragmentReceipt, "PUT", where, {
      body: bytes,
      headers,
      signal: options.signal,
      timeoutMs: 180_000,
    });
  }
}

const path = (id: string): string => `/api/v1/recordings/${encodeURIComponent(id)}`;
