import { defineConfig } from "vitest/config";

// Two projects, so that pure packages do not wait for a database.
export default defineConfig({
  test: {
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
