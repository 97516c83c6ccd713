import type { Suite } from "@playwright/test/reporter";
import { expect, test } from "../support/plain-test";
import SummaryReporter from "../support/summary-reporter";

type Tried = { outcome: "expected" | "unexpected" | "flaky"; errors?: string[] };

async function summaryOf(...tried: Tried[]) {
  const tests = tried.map(({ outcome, errors = [] }, index) => ({
    outcome: () => outcome,
    titlePath: () => ["", "e2e", `test ${index}`],
    results: [
      ...errors.map((message) => ({ status: "failed", duration: 1_000, errors: [{ message }] })),
      ...(outcome === "unexpected" ? [] : [{ status: "passed", duration: 1_000, errors: [] }]),
    ],
  }));
  let printed = "";
  const reporter = new (class extends SummaryReporter {
    protected override print(text: string): void {
      printed += text;
    }
  })();
  reporter.onBegin(undefined, { allTests: () => tests } as unknown as Suite);
  const { status } = (await reporter.onEnd()) ?? {};
  await reporter.onExit();
  return { status, lines: printed.trim().split("\n") };
}

test("a test that passes after its page's process died has passed, and the summary names it", async () => {
  const { status, lines } = await summaryOf(
    { outcome: "expected" },
    { outcome: "flaky", errors: ["page.waitForURL: Navigation failed because page crashed!"] },
  );
  expect(status).toBeUndefined();
  expect(lines).toContain("the browser's page crashed at the first try: e2e › test 1");
  expect(lines.at(-1)).toBe("2 passed, 0 failed");
});

test("a test that passes only at the second try has failed when its page was alive", async () => {
  const { status, lines } = await summaryOf(
    { outcome: "expected" },
    { outcome: "flaky", errors: ["expect(locator).toBeVisible() failed"] },
  );
  expect(status).toBe("failed");
  expect(lines).toContain("passed only at the second try: e2e › test 1");
  expect(lines.at(-1)).toBe("1 passed, 1 failed");
});

test("a test whose page's process dies twice has failed", async () => {
  const { lines } = await summaryOf({
    outcome: "unexpected",
    errors: ["Page crashed", "Navigation failed because page crashed!"],
  });
  expect(lines.at(-1)).toBe("0 passed, 1 failed");
});
