import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Two projects, so that pure packages do not wait for a database.
export default defineConfig({
  test: {
    // One per core; by default one core stays idle, which on two cores means one file after the other.
    maxWorkers: availableParallelism(),
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
