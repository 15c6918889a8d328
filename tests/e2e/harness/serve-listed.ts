import { writeFileSync } from "node:fs";
import { channel } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";

// The real server, which also writes down what its framework was told to mount: not what we say that we mount.

export interface Mounted {
  readonly method: string;
  readonly path: string;
  readonly access: unknown;
}

const file = process.env["E2E_ROUTES_FILE"];
if (file === undefined) throw new Error("E2E_ROUTES_FILE names no file");
const mounted: Mounted[] = [];
channel("fastify.initialization").subscribe((message) => {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook("onRoute", ({ method, url, config }) => {
    const { access = null } = (config ?? {}) as { access?: unknown };
    for (const one of [method].flat()) mounted.push({ method: one, path: url, access });
  });
  fastify.addHook("onReady", () => writeFileSync(file, JSON.stringify(mounted)));
});
await import("../../../apps/server/src/main.ts");
