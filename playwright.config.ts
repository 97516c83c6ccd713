import { defineConfig } from "@playwright/test";
import { headlessShellLaunch } from "./tests/support/chromium";

const isCi = process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false";

/**
 * On two cores. More are hardly faster, and on a machine with other work they make each test so slow that leases lapse and
 * answers are late.
 */
const workers = { browsers: 2, others: 2 };

export default defineConfig({
  testMatch: "**/*.test.ts",
  outputDir: "test-results",
  forbidOnly: isCi,
  retries: 0,
  workers: workers.browsers + workers.others,
  // Long enough for a busy machine: nothing waits for time to pass, so a healthy run never gets near it.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [[isCi ? "list" : "line"], ["./tests/support/summary-reporter.ts"]],
  projects: [
    {
      name: "e2e",
      testDir: "tests/e2e",
      // Only for a page whose process dies: tests/support/summary-reporter.ts counts every other second try as a failure.
      retries: 1,
      workers: workers.browsers,
      use: {
        browserName: "chromium",
        launchOptions: headlessShellLaunch(),
        screenshot: "only-on-failure",
        // Movements are decoration in CSS alone, and drawing their pictures is a fifth of the browser's CPU time. The tests
        // of the main job, of steadiness and of colours want them.
        reducedMotion: "reduce",
      },
    },
    // These take as many workers as the browsers leave. The longest come first.
    { name: "image", testDir: "tests/image" },
    { name: "chaos", testDir: "tests/chaos", fullyParallel: true, workers: 1 },
    { name: "replicas", testDir: "tests/replicas", workers: workers.others },
    { name: "contract", testDir: "tests/contract", fullyParallel: true, workers: workers.others },
    // Not fully parallel: then Playwright hands over each test by itself, and prepares its whole file again.
    { name: "unit", testDir: "tests/unit", workers: workers.others },
  ],
});
