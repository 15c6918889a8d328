import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { append } from "../custody/index.ts";
import { exitCodeOf, type FindingCode } from "./finding.ts";
import { runCheck } from "./run-check.ts";
import { createTestDeployment, type TestDeployment } from "./testing.ts";
import { type Damaging, expectFound, found, useFilledDeployment } from "./damage.testing.ts";

describe("the public copy", () => {
  const damage = useFilledDeployment({ files: true });
  const log = ({ d }: Damaging, path: string): string => join(d.folder, "log", path);
  const tile = ({ ids }: Damaging): string => `tile/0/000.p/${ids.sizes.at(-1) ?? 0}`;
  const flip = async (path: string, at = 5): Promise<void> => {
    const bytes = await readFile(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
  };
  const cases: [
    what: string,
    edit: (on: Damaging) => Promise<void>,
    code: FindingCode,
    item: (on: Damaging) => string,
  ][] = [
    ["a tile flipped", (on) => flip(log(on, tile(on))), "public-copy-altered", (on) => `public copy ${tile(on)}`],
    ["a tile deleted", (on) => rm(log(on, tile(on))), "public-copy-missing", (on) => `public copy ${tile(on)}`],
    ["a tile cut", (on) => writeFile(log(on, tile(on)), ""), "public-copy-altered", (on) => `public copy ${tile(on)}`],
    [
      "entries flipped",
      (on) => flip(log(on, tile(on).replace("tile/0", "tile/entries"))),
      "public-copy-altered",
      (on) => `public copy ${tile(on).replace("tile/0", "tile/entries")}`,
    ],
    [
      "entries in a tile's place",
      async (on) => writeFile(log(on, tile(on)), await readFile(log(on, tile(on).replace("tile/0", "tile/entries")))),
      "public-copy-altered",
      (on) => `public copy ${tile(on)}`,
    ],
    [
      "the checkpoint flipped",
      (on) => flip(log(on, "checkpoint"), 40),
      "public-copy-altered",
      () => "public copy checkpoint",
    ],
    [
      "the checkpoint deleted",
      (on) => rm(log(on, "checkpoint")),
      "public-copy-missing",
      () => "public copy checkpoint",
    ],
  ];
  test.each(cases)("%s", (_, edit, code, item) =>
    damage(async (on) => {
      await edit(on);
      await expectFound(on.d, code, item(on));
    }),
  );

  test("an older checkpoint is information: the server writes the rest", () =>
    damage(async (on) => {
      const [older] = await on.ask<{ note: string }>("select note from custody.checkpoint where size = $1", [
        on.ids.sizes[1],
      ]);
      await writeFile(log(on, "checkpoint"), older?.note ?? "");
      const findings = await runCheck(on.d.check);
      expect(found(findings)).toEqual(["public-copy-behind public copy checkpoint"]);
      expect(exitCodeOf(findings)).toBe(0);
    }));
});

describe("a whole log replaced", () => {
  let now: TestDeployment;
  let old: Awaited<ReturnType<TestDeployment["freeze"]>>;
  let keptElsewhere: string;
  const agencyId = "7d3f1c52-8d2b-4c1e-9a54-0a6f5c1b2e90";
  const view = async (d: TestDeployment, count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      await d.db.database.forAgency(agencyId, (tx) =>
        append(tx, d.custody, agencyId, {
          kind: "evidence.viewed",
          subject: { kind: "evidence", id: agencyId },
          actorId: null,
        }),
      );
    }
    await d.settle();
  };
  beforeAll(async () => {
    const first = await createTestDeployment();
    await view(first, 5);
    old = await first.freeze();
    now = await old.copy();
    await view(now, 5);
    keptElsewhere = await readFile(join(now.folder, "log", "checkpoint"), "utf8");
    closing.push(first, now);
  });
  const closing: TestDeployment[] = [];
  afterAll(async () => {
    for (const d of closing.toReversed()) await d.close();
  });

  test("the true log matches the checkpoint that was kept elsewhere, also once it has grown", async () => {
    expect(await runCheck({ ...now.check, outsideCheckpoint: keptElsewhere })).toEqual([]);
    await view(now, 3);
    expect(await runCheck({ ...now.check, outsideCheckpoint: keptElsewhere })).toEqual([]);
  });

  test("rolled back without its public copy: seen from inside", async () => {
    const d = await old.copy();
    closing.push(d);
    await writeFile(join(d.folder, "log", "checkpoint"), keptElsewhere);
    expect(found(await runCheck(d.check))).toContain("public-copy-ahead public copy checkpoint");
  });

  test("rolled back together with its public copy: seen only from outside", async () => {
    const d = await old.copy();
    closing.push(d);
    // The limit that the documentation states; if this is ever seen from inside, so much the better.
    expect(await runCheck(d.check)).toEqual([]);
    const findings = await runCheck({ ...d.check, outsideCheckpoint: keptElsewhere });
    expect(found(findings)).toEqual(["log-rolled-back checkpoint 11"]);
    expect(exitCodeOf(findings)).toBe(1);
  });

  test("rolled back and grown again under the right key: seen only from outside", async () => {
    const d = await old.copy();
    closing.push(d);
    await view(d, 9);
    expect(await runCheck(d.check)).toEqual([]);
    expect(found(await runCheck({ ...d.check, outsideCheckpoint: keptElsewhere }))).toEqual([
      "log-forked checkpoint 11",
    ]);
  });

  test("a checkpoint of another log, or none at all, is said to be unusable", async () => {
    for (const outsideCheckpoint of [keptElsewhere.replace("harbor", "hill"), "no checkpoint", ""]) {
      expect(found(await runCheck({ ...now.check, outsideCheckpoint }))).toEqual([
        "outside-unreadable checkpoint outside",
      ]);
    }
  });
});
