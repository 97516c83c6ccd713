import type { FullResult, Reporter, Suite, TestCase } from "@playwright/test/reporter";

const slowestCount = 10;

/** Chromium's words, through Playwright, for a renderer process that died. */
const crash = /\b(?:[Pp]age|Target) crashed\b/;

/**
 * Ends the output with the slowest tests, and with one plain line, "N passed, N failed", for people and scripts.
 *
 * A browser test whose page's process died runs a second time (playwright.config.ts), and that result counts. Any other
 * test that passes only at the second try has failed.
 */
export default class SummaryReporter implements Reporter {
  private suite: Suite | undefined;
  /** A file that does not load has no tests to fail, so it counts as an error. */
  private errors = 0;

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onError(): void {
    this.errors += 1;
  }

  async onEnd(): Promise<{ status?: FullResult["status"] } | undefined> {
    return this.tests().some(isUnsteady) ? { status: "failed" } : undefined;
  }

  async onExit(): Promise<void> {
    const tests = this.tests();
    const failed = tests.filter((test) => test.outcome() === "unexpected" || isUnsteady(test));
    const crashed = tests.filter((test) => test.outcome() === "flaky" && !isUnsteady(test));
    const passed = tests.filter((test) => test.outcome() === "expected").length + crashed.length;
    const unsteady = failed
      .filter(isUnsteady)
      .map((test) => `passed only at the second try: ${titleOf(test)}`);
    const died = crashed.map((test) => `the browser's page crashed at the first try: ${titleOf(test)}`);
    const lines = [...this.slowest(), "", ...unsteady, ...died];
    this.print(`\n${lines.join("\n")}\n${passed} passed, ${failed.length + this.errors} failed\n`);
  }

  protected print(text: string): void {
    process.stdout.write(text);
  }

  private tests(): TestCase[] {
    return this.suite?.allTests() ?? [];
  }

  private slowest(): string[] {
    const timed = this.tests().map((test) => {
      const ms = test.results.reduce((sum, { duration }) => sum + duration, 0);
      return { ms, title: titleOf(test) };
    });
    const slowest = timed.sort((one, other) => other.ms - one.ms).slice(0, slowestCount);
    return slowest.map(({ ms, title }) => `${(ms / 1_000).toFixed(1).padStart(6)} s  ${title}`);
  }
}

const titleOf = (test: TestCase): string => test.titlePath().slice(1).join(" › ");

/** Returns true if the test passed only at its second try, and the first did not end by a crash. */
const isUnsteady = (test: TestCase): boolean =>
  test.outcome() === "flaky" &&
  test.results
    .filter(({ status }) => status !== "passed")
    .some(({ errors }) => !errors.some(({ message = "" }) => crash.test(message)));
