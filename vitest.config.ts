import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Two projects, so that pure packages do not wait for a database.
export default defineConfig({
  test: {
    // One per core; by default one core stays idle, which on two cores means one file after the other.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: "packages",
          include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.{ts,mjs}"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "apps",
          include: ["apps/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          globalSetup: ["apps/server/src/adapters/postgres/testing-cluster.ts"],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
