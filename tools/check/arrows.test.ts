import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkArrows } from "./arrows.ts";
import { judgeDoors } from "./doors.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sworn-arrows-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe("arrows", () => {
  it.each([
    ["packages/core/src/a.ts", 'import { x } from "@sworn/sdk";', "core must not import sdk"],
    ["packages/contract/src/a.ts", 'import type { X } from "@sworn/core";', "contract must not import core"],
    [
      "apps/server/src/capabilities/intake/a.ts",
      'import { x } from "../../adapters/fs/b.ts";',
      "capabilities must not import adapters",
    ],
    [
      "apps/server/src/capabilities/intake/a.ts",
      'import { x } from "../custody/append.ts";',
      "only through its index.ts",
    ],
    [
      "apps/server/src/capabilities/custody/a.ts",
      'import { x } from "../intake/index.ts";',
      "custody must import no capability",
    ],
    ["apps/server/src/http/a.ts", 'export { x } from "../adapters/fs/b.ts";', "http must not import adapters"],
    [
      "apps/server/src/ports/a.ts",
      'const x = await import("../capabilities/intake/index.ts");',
      "ports must not import capabilities",
    ],
    ["apps/cli/src/a.ts", 'import { x } from "../../server/src/main.ts";', "cli must not import main"],
  ])("refuses %s: %s", (file, text, why) => {
    write(file, text);
    expect(checkArrows(root)).toEqual([expect.stringContaining(why)]);
  });

  it("lets the arrows of the design through", () => {
    write(
      "apps/server/src/capabilities/intake/a.ts",
      'import { append } from "../custody/index.ts";\nimport type { T } from "../../ports/database.ts";',
    );
    write("apps/server/src/main.ts", 'import { x } from "./adapters/fs/b.ts";');
    write("apps/web/src/a.ts", 'import { y } from "@sworn/sdk";');
    expect(checkArrows(root)).toEqual([]);
  });
});

describe("the two doors", () => {
  it("refuses a second caller of put and a second writer of the log", () => {
    expect(
      judgeDoors("apps/server/src/capabilities/media/poster.ts", "await deps.blobStore.put(key, bytes)"),
    ).toHaveLength(1);
    expect(judgeDoors("apps/server/src/capabilities/library/x.ts", 'tx.insertInto("custody.entry")')).toHaveLength(1);
    expect(judgeDoors("apps/server/src/capabilities/intake/admit.ts", "await deps.blobStore.put(key, bytes)")).toEqual(
      [],
    );
  });
});
