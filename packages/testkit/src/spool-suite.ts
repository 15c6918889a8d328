import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** The spool port as the suite sees it. */
export interface SuiteSpoolPlace {
  readonly node: string;
  readonly segment: string;
  readonly offset: number;
  readonly size: number;
}
export interface SuiteSpool {
  readonly node: string;
  append(sealed: Uint8Array): Promise<SuiteSpoolPlace>;
  read(place: SuiteSpoolPlace): Promise<Uint8Array>;
  closedSegments(): Promise<string[]>;
  release(segment: string): Promise<void>;
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/** A spool on a disk that can be made to fail, and whose power can be cut: what was not synced is then gone. */
export interface SpoolRig {
  open(): Promise<SuiteSpool>;
  /** The next write or sync fails once with this code; what it covered may or may not be on the disk. */
  failNext(call: "write" | "sync", code: "EIO" | "ENOSPC"): void;
  /** Drops everything that no sync covered. The spool that was open must not be used again. */
  cutPower(): Promise<void>;
  /** Syncs so far, to see that appends share them. */
  syncs(): number;
  end(): Promise<void>;
}

/** Writes concurrently, cuts the power in the middle, opens again: how many acknowledged appends are gone or changed? */
export async function countLostAfterPowerCut(
  rig: SpoolRig,
  rounds = 5,
): Promise<{ acknowledged: number; lost: number }> {
  const acknowledged: { place: SuiteSpoolPlace; hash: string }[] = [];
  for (let round = 0; round < rounds; round++) {
    const spool = await rig.open();
    const write = async (): Promise<void> => {
      for (;;) {
        const bytes = randomBytes(1 + Math.floor(Math.random() * 9000));
        acknowledged.push({ place: await spool.append(bytes), hash: hashOf(bytes) });
      }
    };
    // They go on until the power is off under them: then append throws.
    const writers = Promise.allSettled([write(), write(), write()]);
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 20));
    await rig.cutPower();
    await writers;
  }
  const spool = await rig.open();
  let lost = 0;
  for (const { place, hash } of acknowledged) {
    const found = await spool.read(place).then(hashOf, () => "gone");
    if (found !== hash) lost += 1;
  }
  await spool.stop();
  return { acknowledged: acknowledged.length, lost };
}

/** What every spool must hold. `makeRig` gives an empty one. */
export function spoolSuite(name: string, makeRig: () => Promise<SpoolRig>): void {
  describe(`spool contract: ${name}`, () => {
    let rig: SpoolRig;
    beforeEach(async () => {
      rig = await makeRig();
    });
    afterEach(async () => await rig.end());

    it("gives back exactly what was appended, also after it was opened again", async () => {
      const first = await rig.open();
      const parts = [randomBytes(1), randomBytes(70_000), randomBytes(3)];
      const places = await Promise.all(parts.map((part) => first.append(part)));
      for (const [i, place] of places.entries()) expect(hashOf(await first.read(place))).toBe(hashOf(parts[i]));
      await first.stop();
      const second = await rig.open();
      expect(second.node).toBe(first.node);
      for (const [i, place] of places.entries()) expect(hashOf(await second.read(place))).toBe(hashOf(parts[i]));
      await second.stop();
    });

    it("lets appends of one turn share one sync", async () => {
      const spool = await rig.open();
      await spool.append(randomBytes(10));
      const before = rig.syncs();
      await Promise.all(Array.from({ length: 50 }, () => spool.append(randomBytes(100))));
      expect(rig.syncs() - before).toBe(1);
      await spool.stop();
    });

    it("loses nothing that was acknowledged when the power is cut", async () => {
      const { acknowledged, lost } = await countLostAfterPowerCut(rig);
      expect(acknowledged).toBeGreaterThan(20);
      expect(lost).toBe(0);
    });

    for (const call of ["write", "sync"] as const) {
      for (const [errno, code] of [
        ["EIO", "not-durable"],
        ["ENOSPC", "full"],
      ] as const) {
        it(`after one failed ${call} (${errno}) acknowledges nothing of that group and leaves the segment for ever`, async () => {
          const spool = await rig.open();
          const bytes = randomBytes(500);
          const kept = await spool.append(bytes);
          rig.failNext(call, errno);
          const group = await Promise.allSettled([spool.append(randomBytes(9)), spool.append(randomBytes(9))]);
          expect(group.map((entry) => (entry.status === "rejected" ? codeOf(entry.reason) : "kept"))).toEqual([
            code,
            code,
          ]);
          const next = await spool.append(randomBytes(9));
          expect(next.segment).not.toBe(kept.segment);
          expect(hashOf(await spool.read(kept))).toBe(hashOf(bytes));
          expect(await spool.closedSegments()).toEqual([kept.segment]);
          await spool.stop();
        });
      }
    }

    it("ends segments, names those that are not open, oldest first, and releases them", async () => {
      const spool = await rig.open();
      const first = await spool.append(randomBytes(9));
      expect(await spool.closedSegments()).toEqual([]);
      await expect(spool.release(first.segment)).rejects.toThrow();
      await spool.rotate();
      await new Promise((resolve) => setTimeout(resolve, 2));
      const second = await spool.append(randomBytes(9));
      await spool.rotate();
      await spool.rotate(); // nothing is open: nothing to end
      expect(await spool.closedSegments()).toEqual([first.segment, second.segment]);
      await spool.release(first.segment);
      await spool.release(first.segment); // again is no error: a crash may come between release and its note
      expect(await spool.closedSegments()).toEqual([second.segment]);
      expect(await spool.read(first).then(() => "kept", codeOf)).toBe("missing");
      await spool.stop();
    });

    it("refuses places of another node, places beyond the end, and names that are no segment's", async () => {
      const spool = await rig.open();
      const place = await spool.append(randomBytes(9));
      const read = async (wrong: SuiteSpoolPlace): Promise<unknown> =>
        await spool.read(wrong).then(() => "read", codeOf);
      expect(await read({ ...place, node: "11111111-1111-4111-8111-111111111111" })).toBe("wrong-node");
      expect(await read({ ...place, size: 10 })).toBe("missing");
      expect(await read({ ...place, segment: "../node" })).toBe("missing");
      await spool.stop();
      expect(await spool.append(randomBytes(1)).then(() => "kept", codeOf)).toBe("not-durable");
    });
  });
}

const hashOf = (bytes: Uint8Array | undefined): string =>
  createHash("sha256")
    .update(bytes ?? new Uint8Array())
    .digest("hex");
const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : error);
