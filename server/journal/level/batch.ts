import type { RowText } from "../journal";

export type Put = { type: "put"; key: string; value: string };
export type Operation = Put | { type: "del"; key: string };

/** Changes that are kept together, and what waits for that. */
export class Batch {
  /** By key; `undefined` removes the row. */
  readonly rows = new Map<string, RowText | undefined>();
  private runs: (() => void)[] = [];
  readonly done: Promise<void>;
  private resolve: () => void = () => undefined;
  reject: (error: Error) => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Each answer that waits for it has its own handler; often there is none.
    this.done.catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.rows.size === 0;
  }

  /** The rows as they are at this moment. */
  operations(): Operation[] {
    return [...this.rows].map(([key, text]) =>
      text === undefined
        ? { type: "del", key }
        : { type: "put", key, value: typeof text === "string" ? text : text() },
    );
  }

  /** Runs this once the changes are kept, before the answers that wait for `done`. */
  add(run: () => void): void {
    this.runs.push(run);
  }

  /** The changes are kept. What throws is handed to `failed`, and stops nothing. */
  settle(failed: (error: unknown) => void): void {
    for (const run of this.runs) {
      try {
        run();
      } catch (error) {
        failed(error);
      }
    }
    this.resolve();
  }

  /** Takes over an earlier batch that could not be kept; rows that have changed since stay as they are here. */
  precede({ rows, runs }: Batch): void {
    for (const [key, text] of rows) if (!this.rows.has(key)) this.rows.set(key, text);
    this.runs = [...runs, ...this.runs];
  }
}
