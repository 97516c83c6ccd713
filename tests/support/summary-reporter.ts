import type { Reporter, Suite } from "@playwright/test/reporter";

/** Ends the output with one plain line, "N passed, N failed", for people and scripts. */
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

  async onExit(): Promise<void> {
    const outcomes = this.suite?.allTests().map((test) => test.outcome()) ?? [];
    const passed = outcomes.filter((outcome) => outcome === "expected" || outcome === "flaky").length;
    const failed = outcomes.filter((outcome) => outcome === "unexpected").length + this.errors;
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
