import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

// A route that does not say who may call it must fail the build, not a review.

const root = join(import.meta.dirname, "../..");
let folder = "";
beforeEach(() => {
  // Inside the checkout, so that the packages are found the way the real sources find them.
  folder = mkdtempSync(join(root, "apps/server/src/.declared-access-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function compile(access: string): { status: number | null; out: string } {
  writeFileSync(
    join(folder, "probe.ts"),
    `import { route } from "../ports/http.ts";
export const probe = route({ method: "GET", path: "/x", ${access} summary: "", handle: () => Promise.resolve({}) });
`,
  );
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: { types: ["node"] },
      files: ["probe.ts"],
    }),
  );
  const { status, stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
  return { status, out: stdout };
}

it("compiles a route that declares its readers, and not one that does not", () => {
  expect(compile('access: { permission: "evidence.view" },')).toMatchObject({ status: 0 });
  const silent = compile("");
  expect(silent.status).not.toBe(0);
  expect(silent.out).toContain("Property 'access' is missing");
  const invented = compile('access: { permission: "evidence.everything" },');
  expect(invented.status).not.toBe(0);
});
