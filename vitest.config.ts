import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tools/test/longest-first.ts";

// Tests start a hundred servers, cameras and commands; what V8 made of our sources is kept for all of them.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/sworn-compiled");

// Two projects, so that pure packages do not wait for a database.
export default defineConfig({
  test: {
    // One more than cores: who drives a browser or kills a server waits for it a third of the time, and by default
    // one core even stays idle, which on two cores means one file after the other.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // A wait ends when what it waits for is there. These bounds only end what would never come, so they are
    // far from what a busy machine needs: the default of a second was met by a queue that polls every two.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        test: {
          name: "packages",
          include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.{ts,mjs}"],
          testTimeout: 90_000,
        },
      },
      {
        test: {
          name: "apps",
          include: ["apps/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          globalSetup: ["apps/server/src/adapters/postgres/testing-cluster.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
