import { lastLookAfterMs } from "./until";

/** Lets tests wait for a condition that is checked after each change, never by the clock. */
export class Watch {
  private readonly lookers = new Set<() => void>();

  changed(): void {
    for (const look of [...this.lookers]) look();
  }

  /** Resolves with the first value that the predicate returns; the last look comes after the time is over. */
  waitFor<T>(what: string, predicate: () => T | undefined | false, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.lookers.delete(look);
      };
      const look = () => {
        const found = predicate();
        if (found === undefined || found === false) return;
        stop();
        resolve(found);
      };
      const fail = () => {
        stop();
        reject(new Error(`${what}: not within ${timeoutMs} ms`));
      };
      let timer = setTimeout(() => {
        timer = setTimeout(() => {
          look();
          if (this.lookers.has(look)) fail();
        }, lastLookAfterMs);
      }, timeoutMs);
      this.lookers.add(look);
      look();
    });
  }
}
