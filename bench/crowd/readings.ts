/** The content of a frame with entries. */
export type Reading = {
  bytes: Buffer;
  /** The numbers of the messages in it, in order. */
  messages: readonly number[];
  /** The numbers of its first and last entry; undefined where the dialect does not number entries. */
  seqs: { first: number; last: number; isWhole: boolean } | undefined;
  room: string;
  /** How many members left, according to its notices. */
  left: number;
};

const textMark = Buffer.from('"text":"#');
const seqMark = Buffer.from('"seq":');
const roomMark = Buffer.from('"room":"');
const leaveMark = Buffer.from('"kind":"leave"');
const visitsMark = Buffer.from('"left":');
/** All members of a room receive the same frames, but some read a frame seconds later than others. */
const keptFrameBytes = 32 * 1024 * 1024;
const keptReadBytes = 8 * 1024 * 1024;

function numbersAfter(mark: Buffer, bytes: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at)) {
    let value = 0;
    for (at += mark.length; ; at += 1) {
      const digit = (bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    numbers.push(value);
  }
  return numbers;
}

function countOf(mark: Buffer, bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) count += 1;
  return count;
}

function read(bytes: Buffer, isNumbered: boolean): Reading {
  const messages = numbersAfter(textMark, bytes);
  if (!isNumbered) return { bytes, messages, seqs: undefined, room: "", left: 0 };
  const roomAt = bytes.indexOf(roomMark) + roomMark.length;
  const numbers = numbersAfter(seqMark, bytes);
  const first = numbers[0] ?? 0;
  return {
    bytes,
    messages,
    seqs: {
      first,
      last: numbers.at(-1) ?? 0,
      isWhole: numbers.every((number, index) => number === first + index),
    },
    room: bytes.toString("latin1", roomAt, bytes.indexOf('"', roomAt)),
    left: countOf(leaveMark, bytes) + numbersAfter(visitsMark, bytes).reduce((sum, count) => sum + count, 0),
  };
}

/** The first bytes of a frame hold its room and the number of its first entry. */
const hashedBytes = 128;

function hashOf(data: Buffer, from: number, to: number): number {
  let hash = to - from;
  const end = Math.min(to, from + hashedBytes);
  for (let at = from; at < end; at += 1) hash = (Math.imul(hash, 31) + (data[at] ?? 0)) | 0;
  return hash;
}

/** A bounded cache of values by their bytes; the oldest values go first. */
class ByBytes<T extends { bytes: Buffer }> {
  private readonly kept = new Map<number, T>();
  private keptBytes = 0;

  constructor(private readonly mostBytes: number) {}

  find(data: Buffer, from: number, to: number): T | undefined {
    const found = this.kept.get(hashOf(data, from, to));
    if (found === undefined || found.bytes.length !== to - from) return undefined;
    return data.compare(found.bytes, 0, found.bytes.length, from, to) === 0 ? found : undefined;
  }

  add(thing: T): T {
    const { bytes } = thing;
    const key = hashOf(bytes, 0, bytes.length);
    this.keptBytes += bytes.length - (this.kept.get(key)?.bytes.length ?? 0);
    this.kept.set(key, thing);
    for (const [oldest, { bytes: dropped }] of this.kept) {
      if (this.keptBytes <= this.mostBytes) break;
      this.kept.delete(oldest);
      this.keptBytes -= dropped.length;
    }
    return thing;
  }
}

/** Parses each distinct frame once; its copies for other members are only compared. */
export class Readings {
  private readonly frames = new ByBytes<Reading>(keptFrameBytes);
  private readonly reads = new ByBytes<{ bytes: Buffer; readings: readonly Reading[] }>(keptReadBytes);

  constructor(private readonly isNumbered: boolean) {}

  /** The readings of a chunk of several frames, if another member has read the same chunk. */
  together(data: Buffer, size: number): readonly Reading[] | undefined {
    return this.reads.find(data, 0, size)?.readings;
  }

  keepTogether(data: Buffer, size: number, readings: readonly Reading[]): void {
    this.reads.add({ bytes: Buffer.from(data.subarray(0, size)), readings });
  }

  of(data: Buffer, from: number, to: number): Reading {
    return (
      this.frames.find(data, from, to) ??
      this.frames.add(read(Buffer.from(data.subarray(from, to)), this.isNumbered))
    );
  }
}
