/** What a frame with entries holds. */
export type Reading = {
  bytes: Buffer;
  /** The numbers of the messages in it, in order. */
  messages: readonly number[];
  /** Numbers of the room's first and last entry in it; undefined where the dialect has none. */
  seqs: { first: number; last: number; isWhole: boolean } | undefined;
  room: string;
  /** How many members left by it. */
  left: number;
};

const textMark = Buffer.from('"text":"#');
const seqMark = Buffer.from('"seq":');
const roomMark = Buffer.from('"room":"');
const leaveMark = Buffer.from('"kind":"leave"');
const visitsMark = Buffer.from('"left":');
/** All members of a room are given the same frames at about the same time. */
const keptReadings = 128;

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

/** Reads each distinct frame once: its copies for the other members are only compared. */
export class Readings {
  private readonly kept: Reading[] = [];
  private next = 0;
  private lastHit = 0;

  constructor(private readonly isNumbered: boolean) {}

  of(data: Buffer, from: number, to: number): Reading {
    // The next member is given the same frame, or this one the frame that followed it for the member before.
    for (let step = 0; step < this.kept.length; step += 1) {
      const at = (this.lastHit + step) % this.kept.length;
      const reading = this.kept[at];
      if (reading === undefined || reading.bytes.length !== to - from) continue;
      if (data.compare(reading.bytes, 0, reading.bytes.length, from, to) !== 0) continue;
      this.lastHit = at;
      return reading;
    }
    const reading = read(Buffer.from(data.subarray(from, to)), this.isNumbered);
    this.kept[this.next] = reading;
    this.lastHit = this.next;
    this.next = (this.next + 1) % keptReadings;
    return reading;
  }
}
