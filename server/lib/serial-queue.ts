/** Runs tasks one after another, in the order they were added; one that fails does not stop the next. */
export class SerialQueue {
  /** Undefined while nothing runs or waits: a queue that is idle keeps no promise, and no result. */
  private tail: Promise<unknown> | undefined;
  private waiting = 0;

  get length(): number {
    return this.waiting;
  }

  /** Resolves when everything added so far has run. */
  async idle(): Promise<void> {
    await this.tail;
  }

  add<T>(task: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const result = (this.tail ?? Promise.resolve()).then(task).finally(() => {
      this.waiting -= 1;
      if (this.waiting === 0) this.tail = undefined;
    });
    this.tail = result.catch(() => undefined);
    return result;
  }
}
