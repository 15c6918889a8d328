import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sworn } from "@sworn/sdk";
import { type Footage, makeFootage } from "./footage.ts";
import { Ledger } from "./ledger.ts";
import { type ServerOptions, ServerProcess } from "./server-process.ts";

/** A data home with an agency and its keys, whose server is stopped: the start of every rig of one run. */
export interface Prepared {
  readonly folder: string;
  readonly home: string;
  readonly footage: Footage;
  readonly token: string;
  readonly cameraTokens: readonly string[];
  end(): Promise<void>;
}

/** One server with its own data home, somebody who uploads and reads, some cameras, and their file of promises. */
export interface Rig {
  readonly server: ServerProcess;
  readonly ledger: Ledger;
  readonly footage: Footage;
  readonly cameraTokens: readonly string[];
  /** As a custodian, straight to the server or through something in between. */
  custodian(url?: string): Sworn;
  camera(index: number, url?: string): Sworn;
  end(): Promise<void>;
}

export interface RigOptions extends Omit<ServerOptions, "home"> {
  /** Where the data home lies, if not in the rig's own folder (a small disk). */
  readonly home?: string;
}

export async function prepare(cameras = 2, footageSeconds = 12): Promise<Prepared> {
  const folder = await makeFolder();
  const home = join(folder, "home");
  const end = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(home);
    const footage = makeFootage(folder, footageSeconds);
    const server = await ServerProcess.launch({ home, env: compileCacheIn(folder) });
    try {
      const admin = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await server.beside("admin.ts", args);
        if (code !== 0) throw new Error(`sworn admin ${args.join(" ")}: ${stderr}`);
        return stdout.trim();
      };
      await admin("create-agency", "--name", "Fault Agency");
      const token = await admin("create-key", "--name", "P. Moreno", "--role", "custodian");
      const cameraTokens: string[] = [];
      for (let i = 0; i < cameras; i++)
        cameraTokens.push(
          await admin("create-key", "--name", `camera ${i}`, "--role", "device", "--device", `FC-${i}`),
        );
      return { folder, home, footage, token, cameraTokens, end };
    } finally {
      await server.stop();
    }
  } catch (error) {
    await end();
    throw error;
  }
}

export async function setUpRig(prepared: Prepared, options: RigOptions = {}): Promise<Rig> {
  const { footage, token, cameraTokens } = prepared;
  const folder = await makeFolder();
  const home = options.home ?? join(folder, "home");
  const undo: (() => Promise<void> | void)[] = [() => rm(folder, { recursive: true, force: true })];
  const end = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    // With owners: as root the database's files belong to another user.
    execFileSync("cp", ["-a", `${prepared.home}/.`, home]);
    const env = { SWORN_CHECK_ANSWERS: "1", ...compileCacheIn(prepared.folder), ...options.env };
    const server = await ServerProcess.launch({ ...options, env, home });
    undo.push(() => server.kill("everything"));
    const ledger = new Ledger(join(folder, "acknowledgements.jsonl"));
    undo.push(() => ledger.close());
    const client = (key: string, url = server.url): Sworn => new Sworn({ url, token: key, timeoutMs: 20_000 });
    return {
      server,
      ledger,
      footage,
      cameraTokens,
      custodian: (url) => client(token, url),
      camera: (index, url) => client(cameraTokens[index % cameraTokens.length] ?? "", url),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * The orderly stop of `prepare` fills it; every later start, of which a storm has dozens, is half a second shorter.
 * A run of tests has one for all of its servers (vitest.config.ts).
 */
const compileCacheIn = (folder: string): Record<string, string> => ({
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(folder, "compile-cache"),
});

/** As root the database runs as another user, who must get through to it. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sworn-fault-"));
  await chmod(folder, 0o711);
  return folder;
}
