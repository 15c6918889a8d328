import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveRoutes } from "./serve-routes.ts";
import { serveWebFiles } from "./web-files.ts";

const root = mkdtempSync(join(tmpdir(), "sworn-web-"));
let server: FastifyInstance;
let url = "";
beforeAll(async () => {
  mkdirSync(join(root, "dist/assets"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "not ours to give");
  writeFileSync(join(root, "dist/index.html"), `<!doctype html><title>${"x".repeat(2000)}</title>`);
  writeFileSync(join(root, "dist/assets/a1.js"), `export const a = "${"y".repeat(4000)}";`);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  server = serveRoutes({ routes: [], identify: () => Promise.resolve(null), log, ownOrigins: () => [] });
  serveWebFiles(server, join(root, "dist"));
  url = await server.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const get = (path: string, encoding = "identity"): Promise<Response> =>
  fetch(url + path, { headers: { "accept-encoding": encoding } });

it("sends assets for ever, compressed where that is taken, and the same bytes either way", async () => {
  const plain = await get("/assets/a1.js");
  expect(plain.headers.get("cache-control")).toContain("immutable");
  expect(plain.headers.get("content-encoding")).toBeNull();
  const text = await plain.text();
  for (const coding of ["br", "gzip"]) {
    const packed = await get("/assets/a1.js", `${coding}, deflate`);
    expect(packed.headers.get("content-encoding")).toBe(coding);
    expect(await packed.text()).toBe(text);
  }
  expect((await get("/assets/a1.js", "br;q=0, gzip;q=0")).headers.get("content-encoding")).toBeNull();
});

it("gives the app for any page, and nothing for what is not on its list", async () => {
  expect(await (await get("/evidence/some-id")).text()).toContain("<!doctype html>");
  for (const path of [
    "/assets/none.js",
    "/api/v1/none",
    "/../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/secret.txt",
  ])
    expect((await get(path)).status, path).toBe(404);
});

it("notices a newer build", async () => {
  writeFileSync(join(root, "dist/assets/b2.js"), "export {};");
  utimesSync(join(root, "dist/index.html"), new Date(), new Date(Date.now() + 5000));
  expect((await get("/assets/b2.js")).status).toBe(200);
});

it("asks pages to wait while a newer build replaces the old one, and then serves that", async () => {
  const other = join(root, "other");
  mkdirSync(join(other, "assets"), { recursive: true });
  writeFileSync(join(other, "index.html"), `<!doctype html><title>newer</title>`);
  writeFileSync(join(other, "assets/c3.js"), "export {};");
  expect((await get("/library")).status).toBe(200);
  rmSync(join(root, "dist"), { recursive: true });
  for (const encoding of ["br", "identity"]) {
    const waiting = await get("/library", encoding);
    expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(waiting.headers.get("cache-control")).toBe("no-store");
    expect(await waiting.text()).toContain('http-equiv="refresh"');
  }
  expect((await get("/assets/a1.js")).status).toBe(404);
  renameSync(other, join(root, "dist"));
  expect(await (await get("/library")).text()).toContain("newer");
  expect((await get("/assets/c3.js")).status).toBe(200);
});

it("finds what a build wrote after its index", async () => {
  expect((await get("/assets/late.js")).status).toBe(404);
  writeFileSync(join(root, "dist/assets/late.js"), "export {};");
  await expect.poll(async () => (await get("/assets/late.js")).status).toBe(200);
});
