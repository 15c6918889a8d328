import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";

// The verifier runs this package in a browser, offline: one import from Node outside node.ts would break it there only.
it("imports nothing but itself and the audited primitives and the calendar, outside node.ts and tests", () => {
  const root = new URL(".", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("testing/") && file !== "node.ts",
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const source = readFileSync(new URL(file, root), "utf8");
    for (const [, target = ""] of source.matchAll(/from ["']([^"']+)["']/g)) {
      expect(target, file).toMatch(/^(\.{1,2}\/|@noble\/|temporal-polyfill$)/);
    }
    expect(source, file).not.toMatch(/\b(?:process\.|Buffer\.|Math\.random|Date\.now|require\(|import\()/);
    expect(source, file).not.toMatch(/from ["'][^"']*\/node\.ts["']/);
  }
});
