import type { ServerProcess } from "./server-process.ts";

/** `sworn check` beside the running server; empty when it is clean, else what it said. */
export async function runCheck(server: ServerProcess): Promise<string[]> {
  const { code, stdout, stderr } = await server.beside("check.ts", []);
  if (code === 0) return [];
  return [`check ended with ${code}: ${`${stdout}\n${stderr}`.trim().slice(0, 4000)}`];
}
