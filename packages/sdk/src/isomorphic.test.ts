import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("nothing in the SDK needs Node: it must load in a browser and in a phone", () => {
  const folder = new URL(".", import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(5);
  for (const name of sources) {
    const text = readFileSync(new URL(name, folder), "utf8");
    expect(text, name).not.toMatch(/from "node:|\bBuffer\b|\bprocess\./);
  }
});
