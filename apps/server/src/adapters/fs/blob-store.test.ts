import { randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobStoreSuite } from "@sworn/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { BlobError } from "../../ports/blob-store.ts";
import { type FileLayer, systemFiles } from "./blob-store-files.ts";
import { type FsBlobStore, openFsBlobStore } from "./blob-store.ts";

const made: { folder: string; store: FsBlobStore }[] = [];
async function makeStore(files?: FileLayer): Promise<{ folder: string; store: FsBlobStore }> {
  const folder = mkdtempSync(join(tmpdir(), "sworn-objects-"));
  const store = await openFsBlobStore(join(folder, "objects"), files);
  made.push({ folder, store });
  return { folder, store };
}
afterEach(() => {
  for (const { folder, store } of made.splice(0)) {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

blobStoreSuite("file system", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sworn-objects-"));
  const store = await openFsBlobStore(join(folder, "objects"));
  return {
    store,
    end: async () => {
      store.close();
      await Promise.resolve(rmSync(folder, { recursive: true, force: true }));
    },
  };
});

/** Every file below a folder that holds bytes, temporary ones too. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"))
    .map((entry) => entry.name);
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => null,
    (error: unknown) => (error instanceof BlobError ? error.code : error),
  );
}

const ioError = (): Error => Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });

describe("file system blob store under faults", () => {
  it("never links a file whose fsync failed once, and never asks that file again", async () => {
    let syncs = 0;
    let links = 0;
    const { folder, store } = await makeStore({
      ...systemFiles,
      sync: async () => {
        syncs += 1;
        // What Linux does after losing pages: an error once, then "fine".
        if (syncs === 1) throw ioError();
        return await Promise.resolve();
      },
      link: async (from, to) => {
        links += 1;
        await systemFiles.link(from, to);
      },
    });
    const key = randomUUID();
    expect(await codeOf(store.put(key, [Buffer.alloc(1000)]))).toBe("not-durable");
    expect([syncs, links]).toEqual([1, 0]);
    expect(filesBelow(folder)).toEqual([]);
    await store.put(key, [Buffer.alloc(1000)]); // a new file, asked for again by the client
    expect(await store.size(key)).toBe(1000);
  });

  it("stops at a failed early flush in the middle of a long object", async () => {
    let syncs = 0;
    const { store } = await makeStore({
      ...systemFiles,
      sync: async (file) => {
        syncs += 1;
        if (syncs === 2) throw ioError();
        await file.sync();
      },
    });
    const pieces = Array.from({ length: 48 }, () => Buffer.alloc(1 << 20));
    const key = randomUUID();
    expect(await codeOf(store.put(key, pieces))).toBe("not-durable");
    expect(syncs).toBe(2);
    expect(await codeOf(store.size(key))).toBe("missing");
  });

  it("takes the name away again when the folder could not be synced", async () => {
    const { store } = await makeStore({
      ...systemFiles,
      syncFolder: async (path) => {
        if (/\/x[0-9a-f-]{3}$/.test(path)) throw ioError();
        await systemFiles.syncFolder(path);
      },
    });
    const key = randomUUID();
    expect(await codeOf(store.put(key, [Buffer.alloc(10)]))).toBe("not-durable");
    expect(await codeOf(store.size(key))).toBe("missing");
  });

  it("notices a disk that keeps other bytes than it was given", async () => {
    const { store } = await makeStore({
      ...systemFiles,
      write: async (file, bytes) => {
        const lying = Buffer.from(bytes);
        lying[3] = (lying[3] ?? 0) ^ 1;
        await systemFiles.write(file, lying);
      },
    });
    const key = randomUUID();
    expect(await codeOf(store.put(key, [Buffer.alloc(100)]))).toBe("mismatch");
    expect(await codeOf(store.size(key))).toBe("missing");
    // The promise that `later` makes: put answers, and whoever reads it back must notice.
    await store.put(key, [Buffer.alloc(100)], { readBack: "later" });
  });

  it("says full when the disk is full, and keeps nothing of it", async () => {
    const { folder, store } = await makeStore({
      ...systemFiles,
      write: async () => {
        await Promise.resolve();
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      },
    });
    expect(await codeOf(store.put(randomUUID(), [Buffer.alloc(10)]))).toBe("full");
    expect(filesBelow(folder)).toEqual([]);
  });

  it("syncs the file before it links it, and its folder and new parents after", async () => {
    const calls: string[] = [];
    const { store } = await makeStore({
      ...systemFiles,
      sync: async (file) => {
        calls.push("sync file");
        await file.sync();
      },
      link: async (from, to) => {
        calls.push("link");
        await systemFiles.link(from, to);
      },
      syncFolder: async (path) => {
        calls.push(`sync ${path.replace(/^.*sworn-objects-[^/]*/, "")}`);
        await systemFiles.syncFolder(path);
      },
    });
    await store.put("ab/abcdef", [Buffer.alloc(10)]);
    expect(calls).toEqual(["sync ", "sync file", "sync /objects", "sync /objects/ab", "link", "sync /objects/ab/xabc"]);
  });

  it("leaves nothing but the object, readable by its owner alone", async () => {
    const { folder, store } = await makeStore();
    await store.put("abcdef", [Buffer.alloc(10)]);
    expect(filesBelow(folder)).toEqual(["abcdef"]);
    expect(statSync(join(folder, "objects/xabc/abcdef")).mode & 0o777).toBe(0o600);
  });

  it("sweeps what an ended process left and spares what a living one writes", async () => {
    const { folder, store } = await makeStore();
    let let_go = (): void => undefined;
    const held = new Promise<void>((resolve) => (let_go = resolve));
    async function* slow(): AsyncIterable<Uint8Array> {
      yield Buffer.alloc(10);
      await held;
      yield Buffer.alloc(10);
    }
    const writing = store.put("abc", slow());
    while (filesBelow(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await openFsBlobStore(join(folder, "objects"));
    expect(second.swept).toBe(0);
    let_go();
    await writing;
    second.close();
    expect(await store.size("abc")).toBe(20);
  });

  it("removes the leftovers of a killed process at the next start", async () => {
    const { spawn } = await import("node:child_process");
    const folder = mkdtempSync(join(tmpdir(), "sworn-objects-"));
    const script = `
      import { openFsBlobStore } from ${JSON.stringify(new URL("./blob-store.ts", import.meta.url).href)};
      const store = await openFsBlobStore(${JSON.stringify(join(folder, "objects"))});
      await store.put("abc", (async function* () { yield Buffer.alloc(10); process.stdout.write("x"); await new Promise(() => setInterval(() => 0, 1e6)); })());`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(filesBelow(folder)).toHaveLength(1);
    const store = await openFsBlobStore(join(folder, "objects"));
    made.push({ folder, store });
    expect(store.swept).toBe(1);
    expect(filesBelow(folder)).toEqual([]);
    expect(existsSync(join(folder, "objects/.incoming"))).toBe(true);
  });
});

const strace = spawnSync("strace", ["-qq", "-e", "trace=none", "true"]).status === 0;
describe.skipIf(!strace)(
  `fsync failing in the kernel's name${strace ? "" : " (SKIPPED: strace is missing or may not trace)"}`,
  () => {
    // One thread in the pool: strace counts calls per thread.
    /** Runs one put in a process whose n-th call of `syscall` is answered with an error; what came of it, and what is left. */
    function putUnderFault(
      syscall: string,
      error: string,
      n: number,
    ): { code: string; visible: boolean; links: number } {
      const folder = mkdtempSync(join(tmpdir(), "sworn-objects-"));
      try {
        const script = `
        import { openFsBlobStore } from ${JSON.stringify(new URL("./blob-store.ts", import.meta.url).href)};
        const store = await openFsBlobStore(${JSON.stringify(join(folder, "objects"))});
        console.log("ready");
        const code = await store.put("abcdef", [Buffer.alloc(100_000, 7)]).then(() => "stored", (error) => error.code);
        const visible = await store.size("abcdef").then(() => true, () => false);
        console.log(JSON.stringify({ code, visible }));
        process.exit(0);`;
        const trace = join(folder, "trace");
        const inject = [`-einject=${syscall}:error=${error}:when=${n}`, "-etrace=fsync,linkat,link"];
        const done = spawnSync(
          "strace",
          ["-f", "-qq", "-o", trace, ...inject, process.execPath, "--input-type=module", "-e", script],
          { encoding: "utf8", env: { ...process.env, UV_THREADPOOL_SIZE: "1" } },
        );
        const line = done.stdout.trim().split("\n").at(-1) ?? "";
        const { code, visible } = JSON.parse(line) as { code: string; visible: boolean };
        return { code, visible, links: readFileSync(trace, "utf8").match(/\blink(at)?\(.*abcdef/g)?.length ?? 0 };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    // The calls in order: fsync of the root's parent at open, of the file, of the root (a new folder), of that folder.
    it("of the file: not durable, never linked", () => {
      expect(putUnderFault("fsync", "EIO", 2)).toEqual({ code: "not-durable", visible: false, links: 0 });
    });
    it("of a new folder's parent: not durable, never linked", () => {
      expect(putUnderFault("fsync", "EIO", 3)).toEqual({ code: "not-durable", visible: false, links: 0 });
    });
    it("of the folder after the link: not durable, and the name is taken away again", () => {
      expect(putUnderFault("fsync", "EIO", 4)).toEqual({ code: "not-durable", visible: false, links: 1 });
    });
    it("control: one more fsync does not exist, so a fault there changes nothing", () => {
      expect(putUnderFault("fsync", "EIO", 5)).toEqual({ code: "stored", visible: true, links: 1 });
    });
  },
);
