/** What is kept in this process, in bytes by estimate, and how much of it there may be. */
export class ByteCount {
  used = 0;

  constructor(readonly limit = Number.POSITIVE_INFINITY) {}

  get isFull(): boolean {
    return this.used >= this.limit;
  }

  /** 1 is full. */
  get ratio(): number {
    return this.used / this.limit;
  }

  add(bytes: number): void {
    this.used += bytes;
  }

  free(bytes: number): void {
    this.used -= bytes;
  }
}

const beyondLatin = /[^\0-\xff]/;

/** V8 keeps a byte for each code unit, or two when any of them needs it. */
export const bytesOf = (text: string): number => 24 + text.length * (beyondLatin.test(text) ? 2 : 1);
