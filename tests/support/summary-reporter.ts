import type { Reporter, Suite } from "@playwright/test/reporter";

const slowestCount = 10;

/** Ends the output with the slowest tests, and with one plain line, "N passed, N failed", for people and scripts. */
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

  private slowest(): string[] {
    const timed = (this.suite?.allTests() ?? []).map((test) => {
      const ms = test.results.reduce((sum, { duration }) => sum + duration, 0);
      return { ms, title: test.titlePath().slice(1).join(" › ") };
    });
    const slowest = timed.sort((one, other) => other.ms - one.ms).slice(0, slowestCount);
    return slowest.map(({ ms, title }) => `${(ms / 1_000).toFixed(1).padStart(6)} s  ${title}`);
  }

  async onExit(): Promise<void> {
    const outcomes = this.suite?.allTests().map((test) => test.outcome()) ?? [];
    const passed = outcomes.filter((outcome) => outcome === "expected" || outcome === "flaky").length;
    const failed = outcomes.filter((outcome) => outcome === "unexpected").length + this.errors;
    process.stdout.write(`\n${this.slowest().join("\n")}\n\n${passed} passed, ${failed} failed\n`);
  }
}
