import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SpoolRig, countLostAfterPowerCut, spoolSuite } from "@sworn/testkit";
import { describe, expect, it } from "vitest";
import { type SpoolDisk, type SpoolFile, nodeSpoolDisk } from "./spool-disk.ts";
import { FsSpool } from "./spool.ts";

type Lie = "none" | "skips fdatasync" | "answers before the write";

/**
 * Real files behind a volatile cache, as a machine whose power is cut sees them: a write reaches the file only with
 * the next datasync, a name only with syncFolder. `lie` breaks the spool on purpose, to show that the test can fail.
 */
async function makeRig(lie: Lie = "none"): Promise<SpoolRig> {
  const folder = await mkdtemp(join(tmpdir(), "sworn-spool-"));
  let syncs = 0;
  let fault: { call: "write" | "sync"; code: string } | null = null;
  let boot = 0;
  const files: SpoolFile[] = [];
  const trip = (call: "write" | "sync"): void => {
    if (fault?.call !== call) return;
    const { code } = fault;
    fault = null;
    throw Object.assign(new Error(`injected ${code}`), { code });
  };

  const disk: SpoolDisk = {
    async create(path) {
      const file = await nodeSpoolDisk.create(path);
      files.push(file);
      const own = boot;
      const cache: { parts: readonly Uint8Array[]; position: number }[] = [];
      const volatile: SpoolFile = {
        async write(parts, position) {
          trip("write");
          if (own !== boot) throw new Error("the power is off");
          const entry = { parts, position };
          if (lie === "answers before the write") setTimeout(() => cache.push(entry), 20);
          else cache.push(entry);
        },
        async datasync() {
          trip("sync");
          if (own !== boot) throw new Error("the power is off");
          if (lie === "skips fdatasync") return;
          syncs += 1;
          for (const { parts, position } of cache.splice(0)) await file.write(parts, position);
          if (own !== boot) throw new Error("the power went off meanwhile");
        },
        close: () => file.close(),
      };
      return volatile;
    },
    syncFolder: (path) => nodeSpoolDisk.syncFolder(path),
  };

  return {
    open: async () => await FsSpool.open({ folder, disk }),
    failNext: (call, code) => (fault = { call, code }),
    cutPower: async () => {
      boot += 1;
      await new Promise((resolve) => setTimeout(resolve, 30)); // what a lie still has under way
      for (const file of files.splice(0)) await file.close();
    },
    syncs: () => syncs,
    end: async () => await rm(folder, { recursive: true, force: true }),
  };
}

spoolSuite("file system", () => makeRig());

describe("the suite's power cut", () => {
  for (const lie of ["skips fdatasync", "answers before the write"] as const)
    it(`finds a spool that ${lie}`, async () => {
      const rig = await makeRig(lie);
      try {
        const { acknowledged, lost } = await countLostAfterPowerCut(rig, 2);
        expect(acknowledged).toBeGreaterThan(5);
        expect(lost).toBeGreaterThan(0);
      } finally {
        await rig.end();
      }
    });
});

describe("spool segments", () => {
  it("that are being made are not taken for closed ones: whoever releases those would take the bytes away", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sworn-spool-"));
    try {
      let listed: string[] = ["not asked"];
      let released: unknown = null;
      const disk: SpoolDisk = {
        create: (path) => nodeSpoolDisk.create(path),
        // The file has its name by now, and the spool is not writing to it yet.
        async syncFolder(path) {
          listed = await spool.closedSegments();
          const [name = ""] = (await readdir(path)).filter((entry) => entry.endsWith(".spool"));
          released = await spool.release(name).catch((error: unknown) => error);
          await nodeSpoolDisk.syncFolder(path);
        },
      };
      const spool = await FsSpool.open({ folder, disk });
      const place = await spool.append(Buffer.from("kept"));
      expect(listed).toEqual([]);
      expect(released).toBeInstanceOf(Error);
      expect(Buffer.from(await spool.read(place)).toString()).toBe("kept");
      await spool.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("are ended at their size, and a write that the disk takes in pieces is whole", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sworn-spool-"));
    try {
      const spool = await FsSpool.open({ folder, segmentBytes: 100_000 });
      const parts = Array.from({ length: 1500 }, (_, i) => new Uint8Array(100).fill(i % 251)); // beyond one writev
      const places = await Promise.all(parts.map((part) => spool.append(part)));
      for (const [i, place] of places.entries()) expect([...(await spool.read(place))]).toEqual([...(parts[i] ?? [])]);
      expect(await spool.closedSegments()).toEqual([places[0]?.segment]);
      expect((await spool.append(new Uint8Array(5))).segment).not.toBe(places[0]?.segment);
      await spool.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("keep their node's name: what cannot be read or is none is never replaced, or all that lies there were nobody's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sworn-spool-"));
    try {
      const { node } = await FsSpool.open({ folder });
      expect((await FsSpool.open({ folder })).node).toBe(node);
      await writeFile(join(folder, "node"), "");
      await expect(FsSpool.open({ folder })).rejects.toMatchObject({ code: "damaged" });
      await rm(join(folder, "node"));
      await mkdir(join(folder, "node")); // cannot be read as a file
      await expect(FsSpool.open({ folder })).rejects.toMatchObject({ code: "EISDIR" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
