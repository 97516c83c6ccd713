/** Counts the bytes kept in this process, by estimate, against a limit. */
export class ByteCount {
  used = 0;
  /** Whether nothing more can be kept, apart from the limit: the disk is full, or the store is gone from it. */
  isDiskFull = false;

  constructor(readonly limit = Number.POSITIVE_INFINITY) {}

  get isFull(): boolean {
    return this.isDiskFull || this.used >= this.limit;
  }

  /** 1 is full. */
  get ratio(): number {
    return this.isDiskFull ? 1 : this.used / this.limit;
  }

  add(bytes: number): void {
    this.used += bytes;
  }

  free(bytes: number): void {
    this.used -= bytes;
  }
}

const beyondLatin = /[^\0-\xff]/;

/** Estimates a string's bytes: V8 takes one for each code unit, or two if any of them needs it. */
export const bytesOf = (text: string): number => 24 + text.length * (beyondLatin.test(text) ? 2 : 1);
