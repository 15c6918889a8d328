import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, ServerProcess } from "../tests/fault/harness/server-process.ts";
import { callOk } from "./client.ts";
import type { GeneratedFile } from "./footage.ts";

/** Milliseconds from the first byte; `stored` only where there is such a thing. */
export interface Timing {
  readonly receivedMs: number;
  readonly stored: Promise<number> | null;
}
export interface Contender {
  readonly pid: number;
  send(file: GeneratedFile): Promise<Timing>;
  /** Waits until nothing that was begun for an earlier file is still at work. */
  rest?(): Promise<void>;
  /** Ends it and removes what it kept. */
  end(): Promise<void>;
}
export type Start = (folder: string, options: ContenderOptions) => Promise<Contender>;
export interface ContenderOptions {
  /** Bytes per PATCH; a file of at most this size goes in one. */
  readonly bodyBytes: number;
  readonly nodeArgs: readonly string[];
}

export const contenders: Readonly<Record<string, Start>> = {
  "raw HTTP + SHA-256 + fsync": async (folder) => {
    const { pid, url, end } = await startPeer("raw-http.ts", folder);
    return {
      pid,
      end,
      async send(file) {
        const started = performance.now();
        const body = file.pieces(0, file.size);
        await callOk({ method: "PUT", url: `${url}/file`, body, length: file.size });
        return { receivedMs: performance.now() - started, stored: null };
      },
    };
  },
  "@tus/server 2.4.5 + file-store": async (folder, { bodyBytes }) => {
    const { pid, url, end } = await startPeer("tus-server.ts", folder);
    return {
      pid,
      end,
      async send(file) {
        const started = performance.now();
        await sendTus(`${url}/files`, {}, file, bodyBytes);
        return { receivedMs: performance.now() - started, stored: null };
      },
    };
  },
  Sworn: async (folder, { bodyBytes, nodeArgs }) => {
    const { server, key } = await startSworn(folder, nodeArgs);
    const token = await key("custodian");
    const headers = { authorization: `Bearer ${token}` };
    return {
      pid: server.pid ?? 0,
      async end() {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
      async rest() {
        for (;;) {
          const { text } = await callOk({ method: "GET", url: `${server.url}/api/v1/evidence`, headers });
          const { items } = JSON.parse(text) as { items: { media: { state: string }; hasPoster: boolean }[] };
          if (items.every(({ media, hasPoster }) => hasPoster || !/pending|running|ready/.test(media.state))) return;
          await sleep(200);
        }
      },
      async send(file) {
        const started = performance.now();
        const upload = await sendTus(`${server.url}/api/v1/uploads`, headers, file, bodyBytes);
        const receivedMs = performance.now() - started;
        return { receivedMs, stored: whenStored(upload, headers).then(() => performance.now() - started) };
      },
    };
  },
};

/** A fresh data home with one agency; `key` makes a key of a role. */
export async function startSworn(
  folder: string,
  nodeArgs: readonly string[],
): Promise<{ server: ServerProcess; key: (role: string) => Promise<string> }> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  await chmod(folder, 0o711); // see run.ts
  const server = await ServerProcess.launch({ home, nodeArgs, env: { SWORN_LOG: "warn" } });
  const admin = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await server.beside("admin.ts", args);
    if (code !== 0) throw new Error(`sworn admin ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  try {
    await admin("create-agency", "--name", "Bench Agency");
  } catch (error) {
    await server.kill("everything");
    throw error;
  }
  return { server, key: (role) => admin("create-key", "--name", `bench ${role}`, "--role", role) };
}

async function startPeer(
  program: string,
  folder: string,
): Promise<{ pid: number; url: string; end: () => Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, "peers", program)], {
    env: { ...process.env, PORT: String(port), BENCH_FOLDER: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    async end() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function whenStored(upload: string, headers: Readonly<Record<string, string>>): Promise<void> {
  for (;;) {
    const { text } = await callOk({ method: "GET", url: `${upload}/status`, headers });
    const status = JSON.parse(text) as { state: string; code: string | null };
    if (status.state === "stored") return;
    if (status.state !== "sealing" && status.state !== "receiving")
      throw new Error(`the upload is ${status.state} (${status.code})`);
    await sleep(50);
  }
}

const tus = { "tus-resumable": "1.0.0" };
async function sendTus(
  url: string,
  headers: Readonly<Record<string, string>>,
  file: GeneratedFile,
  bodyBytes: number,
): Promise<string> {
  const metadata = `filename ${btoa("bench.mp4")},filetype ${btoa("video/mp4")}`;
  const created = await callOk({
    method: "POST",
    url,
    headers: { ...tus, ...headers, "upload-length": String(file.size), "upload-metadata": metadata },
  });
  const upload = new URL(created.headers.location ?? "", url).href;
  for (let offset = 0; offset < file.size;) {
    const end = Math.min(file.size, offset + bodyBytes);
    const answer = await callOk({
      method: "PATCH",
      url: upload,
      headers: {
        ...tus,
        ...headers,
        "upload-offset": String(offset),
        "content-type": "application/offset+octet-stream",
      },
      body: file.pieces(offset, end),
      length: end - offset,
    });
    offset = Number(answer.headers["upload-offset"]);
  }
  return upload;
}
