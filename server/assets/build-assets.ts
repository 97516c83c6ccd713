import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type Asset, type AssetPath, type AssetStore, assetRenewalMs, isAssetPath } from "./assets";

/** Between two attempts to keep this build's files while the store does not take them: doubled each time. */
const retryMs = 2_000;
const longestRetryMs = 600_000;
/** A page may be served a moment before its build's files are kept: a question waits so long, asking again and again. */
const patienceMs = 3_000;
const askAgainMs = 250;
/** How many questions may wait at once: each of the others is answered at once. */
const maxWaiting = 200;

export type BuildAssetsOptions = {
  store: AssetStore;
  readFiles(): Promise<Asset[]>;
  clock: Clock;
  logger: Logger;
};

/** Keeps this build's files where replicas of other builds find them, and finds theirs. */
export class BuildAssets {
  /** Resolves once other replicas can find this build's files. */
  readonly kept: Promise<void>;
  private resolveKept: () => void = () => undefined;
  private files: Asset[] | undefined;
  private waiting = 0;
  private stop: () => void = () => undefined;
  private failures = 0;

  constructor(private readonly options: BuildAssetsOptions) {
    this.kept = new Promise((resolve) => {
      this.resolveKept = resolve;
    });
  }

  /** Keeps the files, trying until it succeeds, and renews them as long as this process runs. */
  async start(): Promise<void> {
    const { store, readFiles, clock, logger } = this.options;
    let next = assetRenewalMs;
    try {
      this.files ??= await readFiles();
      await store.keep(this.files);
      this.resolveKept();
      this.failures = 0;
      // They are read anew at the next renewal rather than held in memory for half a day.
      this.files = undefined;
    } catch (error) {
      next = Math.min(retryMs * 2 ** this.failures, longestRetryMs);
      if (this.failures === 0)
        logger.warn({ err: error }, "could not store this build's files for other builds; trying again");
      this.failures += 1;
    }
    this.stop = clock.after(next, () => void this.start());
  }

  /** Contents of a file of any build that ran lately, compressed with gzip. Throws ChatError("unavailable"). */
  async find(path: AssetPath): Promise<Buffer | undefined> {
    if (!isAssetPath(path)) return undefined;
    const { store, clock } = this.options;
    // Without its props a page is loaded anew as a whole: nothing is gained by waiting for them.
    const until = clock.now() + (path.startsWith("static/") ? patienceMs : 0);
    for (;;) {
      const found = await store.find(path);
      if (found !== undefined || clock.now() >= until || this.waiting >= maxWaiting) return found;
      await this.wait();
    }
  }

  close(): void {
    this.stop();
  }

  private async wait(): Promise<void> {
    this.waiting += 1;
    await new Promise<void>((resolve) => this.options.clock.after(askAgainMs, resolve));
    this.waiting -= 1;
  }
}
