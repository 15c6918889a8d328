import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sworn } from "@sworn/sdk";
import { type Footage, makeFootage } from "./footage.ts";
import { Ledger } from "./ledger.ts";
import { type ServerOptions, ServerProcess } from "./server-process.ts";

/** One server with its own data home, somebody who uploads and reads, some cameras, and their file of promises. */
export interface Rig {
  readonly folder: string;
  readonly server: ServerProcess;
  readonly ledger: Ledger;
  readonly footage: Footage;
  readonly token: string;
  readonly cameraTokens: readonly string[];
  /** As a custodian, straight to the server or through something in between. */
  custodian(url?: string): Sworn;
  camera(index: number, url?: string): Sworn;
  end(): Promise<void>;
}

export interface RigOptions extends Omit<ServerOptions, "home"> {
  readonly cameras?: number;
  readonly footageSeconds?: number;
  /** Where the data home lies, if not in the rig's own folder (a small disk). */
  readonly home?: string;
}

export async function setUpRig(options: RigOptions = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "sworn-fault-"));
  const home = options.home ?? join(folder, "home");
  // The database runs as another user when we are root, and must get through to it.
  await mkdir(home, { recursive: true });
  const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const end = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    await chmod(folder, 0o711);
    const footage = makeFootage(folder, options.footageSeconds ?? 12);
    const env = { SWORN_CHECK_ANSWERS: "1", ...options.env };
    const server = await ServerProcess.launch({ ...options, env, home });
    undo.push(() => server.kill("everything"));
    const admin = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await server.beside("admin.ts", args);
      if (code !== 0) throw new Error(`sworn admin ${args.join(" ")}: ${stderr}`);
      return stdout.trim();
    };
    await admin("create-agency", "--name", "Fault Agency");
    const token = await admin("create-key", "--name", "P. Moreno", "--role", "custodian");
    const cameraTokens: string[] = [];
    for (let i = 0; i < (options.cameras ?? 2); i++)
      cameraTokens.push(await admin("create-key", "--name", `camera ${i}`, "--role", "device", "--device", `FC-${i}`));
    const ledger = new Ledger(join(folder, "acknowledgements.jsonl"));
    undo.push(async () => await Promise.resolve(ledger.close()));
    const client = (key: string, url = server.url): Sworn => new Sworn({ url, token: key, timeoutMs: 20_000 });
    return {
      folder,
      server,
      ledger,
      footage,
      token,
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
