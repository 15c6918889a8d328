import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { codingFor, compressed } from "./compress-file.ts";

const INDEX = "/index.html";
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

/** A list is trusted for so long where something is asked for that is not on it: a build may be half-way. */
const LOOK_AGAIN_MS = 1000;

/**
 * Serves the built web app from a list of its files: a path that is not on the list cannot be asked for, whatever it
 * spells. Any other page address gets the app, which knows its own screens. A newer build is noticed by its index; while
 * one replaces the other, pages are asked to wait a moment.
 */
export function serveWebFiles(server: FastifyInstance, root: string): void {
  const index = join(root, "index.html");
  let listed: { readonly files: ReadonlyMap<string, string>; readonly build: number; readonly at: number } | null =
    null;
  const fileFor = async (path: string): Promise<string | undefined> => {
    const build = (await stat(index).catch(() => null))?.mtimeMs ?? -1;
    const old = listed === null || listed.build !== build || performance.now() - listed.at > LOOK_AGAIN_MS;
    const pick = (): string | undefined =>
      listed?.files.get(path) ?? (isPage(path) ? listed?.files.get(INDEX) : undefined);
    if (listed?.build === build && (pick() !== undefined || !old)) return pick();
    listed = { files: await filesBelow(root), build, at: performance.now() };
    return pick();
  };
  server.get("/*", async (request, reply) => {
    const path = (request.raw.url ?? "/").split("?", 1)[0] ?? "/";
    const file = await fileFor(path);
    // Opened before anything is answered: what is open stays whole, also where a newer build takes its name away.
    const opened = file === undefined ? null : await open(file).catch(() => null);
    if (file === undefined || opened === null) return isPage(path) ? await askToWait(reply) : reply.callNotFound();
    return await sendFile(reply, opened, file, path.startsWith("/assets/"), request.headers["accept-encoding"]);
  });
}

async function sendFile(
  reply: FastifyReply,
  opened: FileHandle,
  file: string,
  hashed: boolean,
  accepted: string | undefined,
): Promise<FastifyReply> {
  const type = types[extname(file)] ?? "application/octet-stream";
  try {
    const found = await opened.stat();
    reply.headers({
      "content-type": type,
      "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
    });
    const coding = codingFor(accepted, type, found.size);
    if (coding !== null) {
      const name = `${file} ${found.ino} ${found.mtimeMs}`;
      const packed = await compressed(name, coding, () => opened.readFile());
      return await reply.header("content-encoding", coding).send(packed);
    }
    return await reply.header("content-length", found.size).send(await opened.readFile());
  } finally {
    await opened.close();
  }
}

/** While the app is being built there is no page yet: the browser tries again by itself, and so does a proxy. */
async function askToWait(reply: FastifyReply): Promise<FastifyReply> {
  return await reply
    .status(503)
    .headers({ "content-type": types[".html"] ?? "", "cache-control": "no-store", "retry-after": "2" })
    .send(
      '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">' +
        '<meta name="viewport" content="width=device-width"><title>One moment · Sworn</title>' +
        "<h1>One moment</h1><p>The screens of this server are being renewed. This page tries again by itself. " +
        "Nothing that is stored or being sent is affected.</p></html>",
    );
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
