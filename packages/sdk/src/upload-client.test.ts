import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { openAsBlob } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { blobSource, bytesSource, playOf, Sworn, SwornError } from "./index.ts";

// A bare tus peer that keeps what arrives and breaks connections on purpose; the real routes are tested with them.
let server: Server;
let held: Buffer;
let metadata: string;
let requests: { method: string; offset: string | undefined; length: string | undefined }[];
let breakAfter: number[];
let refuse: { status: number; code: string } | null;
beforeEach(async () => {
  [held, metadata, requests, breakAfter, refuse] = [Buffer.alloc(0), "", [], [], null];
  server = createServer((request, response) => {
    const method = request.method ?? "";
    requests.push({
      method,
      offset: request.headers["upload-offset"] as string | undefined,
      length: request.headers["content-length"],
    });
    if (refuse !== null) {
      response.writeHead(refuse.status, { "content-type": "application/problem+json" });
      return response.end(
        JSON.stringify({ code: refuse.code, title: "no", detail: "no", status: refuse.status, limit: 5 }),
      );
    }
    if (method === "POST") {
      metadata = request.headers["upload-metadata"] as string;
      return response.writeHead(201, { location: "/api/v1/uploads/1" }).end();
    }
    if (method === "HEAD") return response.writeHead(200, { "upload-offset": held.length }).end();
    if (Number(request.headers["upload-offset"]) !== held.length) {
      return response.writeHead(409).end(JSON.stringify({ code: "offset-conflict" }));
    }
    const limit = breakAfter.shift() ?? Number.POSITIVE_INFINITY;
    let taken = 0;
    request.on("data", (chunk: Buffer) => {
      const part = chunk.subarray(0, Math.max(0, limit - taken));
      taken += part.length;
      held = Buffer.concat([held, part]);
      if (taken >= limit) request.socket.destroy();
    });
    request.on("end", () => response.writeHead(204, { "upload-offset": held.length }).end());
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const client = (): Sworn =>
  new Sworn({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, token: "k" });

describe("uploads", () => {
  test("go on from what is durable after broken connections, in bodies of a known length", async () => {
    const bytes = randomBytes(3_000_000);
    breakAfter = [400_000, 100_000];
    const sworn = client();
    const source = bytesSource(bytes, "../fünf.mp4", "video/mp4");
    const url = await sworn.uploads.create(source, { title: "Traffic stop" });
    const progress: number[] = [];
    await sworn.uploads.send(url, source, { chunkSize: 1_000_000, onProgress: (sent) => progress.push(sent) });
    expect(createHash("sha256").update(held).digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(progress.at(-1)).toBe(bytes.length);
    const patches = requests.filter((request) => request.method === "PATCH");
    expect(patches.length).toBeGreaterThanOrEqual(5);
    expect(patches.every((request) => Number(request.length) > 0)).toBe(true);
    const names = Object.fromEntries(metadata.split(",").map((pair) => pair.split(" ") as [string, string]));
    expect(Buffer.from(names["filename"] ?? "", "base64").toString()).toBe("../fünf.mp4");
  });

  test("a later run continues with nothing but the address", async () => {
    const bytes = randomBytes(500_000);
    held = Buffer.from(bytes.subarray(0, 123_456));
    const sworn = client();
    await sworn.uploads.send(sworn.http.url("/api/v1/uploads/1"), bytesSource(bytes, "a.mp4"));
    expect(held.equals(bytes)).toBe(true);
    expect(requests.find((request) => request.method === "PATCH")?.offset).toBe("123456");
  });

  test("a refusal is thrown at once with its code, not tried again", async () => {
    refuse = { status: 410, code: "upload-gone" };
    const sworn = client();
    const sending = sworn.uploads.send(sworn.http.url("/api/v1/uploads/1"), bytesSource(randomBytes(10), "a.mp4"));
    await expect(sending).rejects.toMatchObject({ code: "upload-gone", status: 410 });
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  test("a problem document's own members are kept", async () => {
    refuse = { status: 507, code: "disk-full" };
    const error = await client()
      .me()
      .catch((caught: unknown) => caught as SwornError);
    expect(error).toBeInstanceOf(SwornError);
    expect(error).toMatchObject({ code: "disk-full", retryable: true, extra: { limit: 5 } });
  });

  test("a file that changed under the upload is its own refusal", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sworn-sdk-"));
    try {
      const file = join(folder, "a.mp4");
      await writeFile(file, randomBytes(300_000));
      const source = blobSource(await openAsBlob(file), "a.mp4");
      await writeFile(file, randomBytes(200_000));
      const sworn = client();
      const sending = sworn.uploads.send(sworn.http.url("/api/v1/uploads/1"), source);
      await expect(sending).rejects.toMatchObject({ code: "source-changed" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("no answer at all is `network`; stopping is `cancelled` and keeps what was sent", async () => {
    const nobody = new Sworn({ url: "http://127.0.0.1:9" });
    await expect(nobody.me()).rejects.toMatchObject({ code: "network", retryable: true });
    const stop = new AbortController();
    const bytes = bytesSource(randomBytes(3_000_000), "a.mp4");
    const sworn = client();
    const sending = sworn.uploads.send(sworn.http.url("/api/v1/uploads/1"), bytes, {
      chunkSize: 1_000_000,
      signal: stop.signal,
      onProgress: (sent) => sent >= 1_000_000 && stop.abort(),
    });
    await expect(sending).rejects.toMatchObject({ code: "cancelled" });
    await sworn.uploads.send(sworn.http.url("/api/v1/uploads/1"), bytes);
    expect(held.length).toBe(3_000_000);
  });
});

test("a copy is needless only once the format was read, whole", () => {
  const of = (state: "pending" | "running" | "ready" | "failed" | "refused", code: string | null = null): string =>
    playOf({ media: { state, code, detail: null } });
  expect(of("ready")).toBe("plays");
  expect(of("ready", "truncated")).toBe("ends-early");
  expect(of("refused", "unreadable")).toBe("cannot-be-played");
  expect([of("pending"), of("running"), of("failed", "timed-out"), playOf({ media: null })]).toEqual(
    Array.from({ length: 4 }, () => "not-known"),
  );
});
