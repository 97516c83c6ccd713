import type { Dialect } from "./dialects";
import type { Reading, Readings } from "./readings";
import { WebSocketClient } from "./web-socket";

/** Commands with lower ids are awaited one by one; an id from here on belongs to message `id - firstSendId`. */
const firstSendId = 1_000_000;
const socketIoPing = 0x32;
const digitZero = 0x30;
const cursorPattern = /"cursor":(\{"epoch":"[^"]*","seq":(\d+)\})/;
/** A server that has not answered within 30 s has lost the client. */
const patienceMs = 30_000;

export type Hears = {
  appended(member: Member, reading: Reading, now: number): void;
  answered(message: number, isOk: boolean): void;
  closed(member: Member): void;
};

export type MemberOptions = {
  dialect: Dialect;
  readings: Readings;
  hears: Hears;
  ports: readonly [number, number];
  replica: 0 | 1;
  /** The room to join, as an index into the list of rooms. */
  room: number;
};

/** One connection that has joined one room, or is about to. */
export class Member {
  replica: 0 | 1;
  readonly room: number;
  /** WebSocket frames with events. */
  frames = 0;
  /** How often each message was received. */
  seen = new Uint8Array(0);
  /** For each sender, the number of its newest message received. */
  newest = new Int32Array(0);
  /** The number of the last entry received; undefined where the dialect does not number entries. */
  lastSeq: number | undefined;
  isClosed = false;
  private token: string | undefined;
  private cursor: string | undefined;
  private readonly awaited = new Map<number, (answer: string) => void>();
  private readonly marks: { delivery: Buffer; ack: Buffer };
  private greeted: { after: Buffer; done: () => void } | undefined;
  private socket: WebSocketClient | undefined;
  private nextId = 1;
  /** The readings of the frames in the present chunk so far; undefined when one of them has no entries. */
  private together: Reading[] | undefined = [];

  constructor(private readonly options: MemberOptions) {
    this.replica = options.replica;
    this.room = options.room;
    const { delivery, ack } = options.dialect;
    this.marks = { delivery: Buffer.from(delivery), ack: Buffer.from(ack) };
  }

  /** Connects, and goes through the greeting until the server takes commands. */
  async open(): Promise<void> {
    const { dialect, ports } = this.options;
    const steps = [...dialect.greeting(this.token)];
    await new Promise<void>((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error("no session within 30 s")), patienceMs);
      const advance = (): void => {
        const step = steps.shift();
        if (step === undefined) {
          this.greeted = undefined;
          clearTimeout(tooLate);
          resolve();
          return;
        }
        const done = () => {
          if (step.say !== undefined) this.socket?.send(step.say);
          advance();
        };
        this.greeted = { after: Buffer.from(step.after), done };
      };
      const closed = () => {
        this.options.hears.closed(this);
        this.isClosed = true;
        reject(new Error("the server closed the connection"));
      };
      const listener = {
        closed,
        frame: (data: Buffer, from: number, to: number) => this.heard(data, from, to),
        knows: (data: Buffer, size: number) => this.knows(data, size),
        whole: (data: Buffer, size: number) => this.whole(data, size),
      };
      this.socket = new WebSocketClient(ports[this.replica], dialect.path, listener, advance);
    });
  }

  /** Sends a command. `answered` is called as soon as the answer is read, before anything that follows it is read. */
  ask(command: (id: number) => string, answered?: (answer: string) => void): Promise<void> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(`no answer to ${command(id)}`)), patienceMs);
      this.awaited.set(id, (answer) => {
        clearTimeout(tooLate);
        if (!answer.includes('"ok":true')) reject(new Error(`${command(id)} was answered ${answer}`));
        else {
          answered?.(answer);
          resolve();
        }
      });
      this.socket?.send(command(id));
    });
  }

  join(room: string): Promise<void> {
    const { dialect } = this.options;
    return this.ask(
      (id) => dialect.join(id, room, this.cursor),
      (answer) => {
        if (!dialect.isNumbered) return;
        const [, cursor, seq] = cursorPattern.exec(answer) ?? [];
        this.cursor = cursor;
        this.lastSeq = Number(seq);
      },
    );
  }

  /** Connects again as the same visitor; `join` then resumes from the member's cursor. */
  async comeBack(replica: 0 | 1): Promise<void> {
    this.replica = replica;
    this.isClosed = false;
    await this.open();
  }

  say(room: string, text: string, message: number): void {
    this.socket?.send(this.options.dialect.send(firstSendId + message, room, text, message));
  }

  close(): void {
    this.isClosed = true;
    this.socket?.close();
  }

  private knows(data: Buffer, size: number): boolean {
    this.together = [];
    const readings = this.options.readings.together(data, size);
    if (readings === undefined) return false;
    const now = performance.now();
    for (const reading of readings) this.appended(reading, now);
    return true;
  }

  /** Remembers the chunk if it holds several frames with entries and nothing else. */
  private whole(data: Buffer, size: number): void {
    const { together } = this;
    if (together !== undefined && together.length > 1)
      this.options.readings.keepTogether(data, size, together);
  }

  private heard(data: Buffer, from: number, to: number): void {
    const { delivery, ack } = this.marks;
    if (this.greeted && begins(this.greeted.after, data, from, to)) {
      const said = data.toString("latin1", from, to);
      this.token = this.options.dialect.token?.exec(said)?.[1] ?? this.token;
      this.greeted.done();
    } else if (begins(delivery, data, from, to)) {
      const reading = this.options.readings.of(data, from, to);
      this.together?.push(reading);
      this.appended(reading, performance.now());
      return;
    } else if (begins(ack, data, from, to)) this.answered(data, from + ack.length, to);
    else if (to - from === 1 && data[from] === socketIoPing) this.socket?.send("3");
    else this.frames += 1;
    this.together = undefined;
  }

  private appended(reading: Reading, now: number): void {
    this.frames += 1;
    this.options.hears.appended(this, reading, now);
  }

  private answered(data: Buffer, from: number, to: number): void {
    let id = 0;
    let at = from;
    for (; at < to; at += 1) {
      const digit = (data[at] ?? 0) - digitZero;
      if (digit < 0 || digit > 9) break;
      id = id * 10 + digit;
    }
    if (id >= firstSendId) {
      const answer = data.toString("latin1", at, Math.min(to, at + 40));
      this.options.hears.answered(id - firstSendId, answer.includes('"ok":true'));
      return;
    }
    this.awaited.get(id)?.(data.toString("latin1", at, to));
    this.awaited.delete(id);
  }
}

function begins(mark: Buffer, data: Buffer, from: number, to: number): boolean {
  if (to - from < mark.length) return false;
  for (let at = 0; at < mark.length; at += 1) if (data[from + at] !== mark[at]) return false;
  return true;
}
