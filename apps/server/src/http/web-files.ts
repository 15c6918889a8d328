import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import type { FastifyInstance } from "fastify";

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
 * Serves the built web app from a list made at start: a path that was not there then cannot be asked for, whatever
 * it spells. Any other page address gets the app, which knows its own screens.
 */
export async function serveWebFiles(server: FastifyInstance, root: string): Promise<void> {
  const files = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(root, path)}`, path);
  }
  const index = files.get("/index.html");
  server.get("/*", async (request, reply) => {
    const path = (request.raw.url ?? "/").split("?", 1)[0] ?? "/";
    const file = files.get(path) ?? (isPage(path) ? index : undefined);
    if (file === undefined) return reply.callNotFound();
    const { size } = await stat(file);
    const hashed = path.startsWith("/assets/");
    reply.headers({
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-length": size,
      "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    });
    return reply.send(createReadStream(file));
  });
}

function isPage(path: string): boolean {
  return !path.startsWith("/api/") && !path.startsWith("/assets/") && extname(path) === "";
}
