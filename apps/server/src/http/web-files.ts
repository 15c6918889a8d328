import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import type { FastifyInstance } from "fastify";
import { codingFor, compressedFile } from "./compress-file.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Serves the built web app from a list of its files: a path that is not on the list cannot be asked for, whatever it
 * spells. Any other page address gets the app, which knows its own screens. A newer build is noticed by its index.
 */
export function serveWebFiles(server: FastifyInstance, root: string): void {
  const index = join(root, "index.html");
  let listed: { readonly files: ReadonlyMap<string, string>; readonly at: number } = { files: new Map(), at: -1 };
  const list = async (): Promise<ReadonlyMap<string, string>> => {
    const at = (await stat(index).catch(() => null))?.mtimeMs ?? -1;
    if (at !== listed.at) listed = { files: await filesBelow(root), at };
    return listed.files;
  };
  server.get("/*", async (request, reply) => {
    const path = (request.raw.url ?? "/").split("?", 1)[0] ?? "/";
    const files = await list();
    const file = files.get(path) ?? (isPage(path) ? files.get("/index.html") : undefined);
    const found = file === undefined ? null : await stat(file).catch(() => null);
    if (file === undefined || found === null) return reply.callNotFound();
    const hashed = path.startsWith("/assets/");
    const type = types[extname(file)] ?? "application/octet-stream";
    reply.headers({
      "content-type": type,
      "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
    });
    const coding = codingFor(request.headers["accept-encoding"], type, found.size);
    if (coding === null) return reply.header("content-length", found.size).send(createReadStream(file));
    return reply.header("content-encoding", coding).send(await compressedFile(file, found.mtimeMs, coding));
  });
}

async function filesBelow(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(root, path)}`, path);
  }
  return files;
}

function isPage(path: string): boolean {
  return !path.startsWith("/api/") && !path.startsWith("/assets/") && extname(path) === "";
}
