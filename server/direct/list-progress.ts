const none: ReadonlySet<number> = new Set();

/**
 * Up to which version a visitor's lists have been read. Each change has the next version, and a hint names it; hints come
 * late, out of turn, twice or never. What was read by hints counts only while no version before it is missing.
 */
export class ListProgress {
  private upTo: number | undefined;
  /** Changes that were read while an earlier one was not. */
  private ahead: ReadonlySet<number> = none;

  /** The version up to which every change has been read; undefined when everything must be read. */
  get version(): number | undefined {
    return this.upTo;
  }

  has(version: number): boolean {
    return this.upTo !== undefined && this.upTo >= version;
  }

  /** Call when all was read. `stored`: the lists' version when the reading began. */
  readAll(stored: number): void {
    this.upTo = stored;
    this.ahead = none;
  }

  /** Call when the changes with these versions were read, after they were heard of. `stored`: as in `readAll`. */
  readChanges(versions: readonly number[], stored: number): void {
    if (this.upTo === undefined) return;
    const highest = Math.max(this.upTo, ...versions);
    // The store came back older: its versions mean other changes now.
    if (highest > stored) {
      this.forget();
      return;
    }
    const ahead = new Set([...this.ahead, ...versions]);
    while (ahead.has(this.upTo + 1)) this.upTo += 1;
    const { upTo } = this;
    const left = [...ahead].filter((version) => version > upTo);
    this.ahead = left.length > 0 ? new Set(left) : none;
  }

  forget(): void {
    this.upTo = undefined;
    this.ahead = none;
  }
}
