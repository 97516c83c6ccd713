import { defineConfig } from "@playwright/test";
import { chromiumLaunch } from "./tests/support/chromium";

const isCi = process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false";

/** Two cores are the least that anybody has; each replica test brings two or three processes of its own. */
const workers = 2;

export default defineConfig({
  testMatch: "**/*.test.ts",
  outputDir: "test-results",
  forbidOnly: isCi,
  retries: 0,
  workers,
  // Long enough for a busy machine: nothing waits for time to pass, so a healthy run never gets near it.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [[isCi ? "list" : "line"], ["./tests/support/summary-reporter.ts"]],
  projects: [
    { name: "unit", testDir: "tests/unit", fullyParallel: true },
    // It builds for a minute, early, since browser tests that measure times come last.
    { name: "image", testDir: "tests/image" },
    { name: "contract", testDir: "tests/contract", fullyParallel: true },
    { name: "replicas", testDir: "tests/replicas" },
    { name: "chaos", testDir: "tests/chaos" },
    {
      name: "e2e",
      testDir: "tests/e2e",
      // Only for a page whose process dies: tests/support/summary-reporter.ts counts every other second try as a failure.
      retries: 1,
      use: { browserName: "chromium", launchOptions: chromiumLaunch(), screenshot: "only-on-failure" },
    },
  ],
});
