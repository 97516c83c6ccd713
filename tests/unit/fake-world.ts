import type { PageMoment, Socket, Store, World } from "../../components/chat/client/world";
import type { Handshake } from "../../protocol/events";

/** A question that the client has asked, and the way to answer it. */
export type Asked<Input = Record<string, unknown>> = {
  command: string;
  input: Input;
  answer(ack: Record<string, unknown>): Promise<void>;
};

/** Everything that is due now happens: promises only, no timers. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The other end of a socket, played by the test. */
export class FakeSocket implements Socket {
  readonly handlers = new Map<string, (event: unknown) => void>();
  readonly asked: Asked[] = [];
  isClosed = false;

  constructor(readonly handshake: Handshake) {}

  on(event: string, listener: (...args: never[]) => void): void {
    this.handlers.set(event, listener as (event: unknown) => void);
  }

  emit(command: string, ...[input, ack]: unknown[]): void {
    const answer = async (given: Record<string, unknown>) => {
      (ack as (given: unknown) => void)(given);
      await settle();
    };
    this.asked.push({ command, input: input as Record<string, unknown>, answer });
  }

  disconnect(): void {
    this.isClosed = true;
  }

  async hear(event: string, told?: unknown): Promise<void> {
    this.handlers.get(event)?.(told);
    await settle();
  }

  /** The questions of one kind, oldest first. */
  all(command: string): Asked[] {
    return this.asked.filter((question) => question.command === command);
  }

  last(command: string): Asked {
    const question = this.all(command).at(-1);
    if (!question) throw new Error(`${command} was not asked`);
    return question;
  }
}

function memoryStore(): Store & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key) => kept.get(key),
    set: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
    keys: () => [...kept.keys()],
  };
}

export class FakeWorld implements World {
  readonly sockets: FakeSocket[] = [];
  readonly local = memoryStore();
  readonly session = memoryStore();
  private time = 1_000_000;
  private ids = 0;
  private timers = new Set<{ at: number; act: () => void }>();
  private pageListener: (moment: PageMoment) => void = () => {};
  /** What other tabs say, by key; a test calls them. */
  readonly tabListeners = new Map<string, (value: string) => void>();

  /** How far somebody has set the wall clock forward, or back. */
  clockShiftMs = 0;

  now = (): number => this.time + this.clockShiftMs;
  uptimeMs = (): number => this.time;
  random = (): number => 0.5;
  newId = (): string => `message-${++this.ids}`;

  after = (ms: number, act: () => void) => {
    const timer = { at: this.time + ms, act };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  watchPage = (listener: (moment: PageMoment) => void) => {
    this.pageListener = listener;
    return () => {
      this.pageListener = () => {};
    };
  };

  watchTabs = (key: string, listener: (value: string) => void) => {
    this.tabListeners.set(key, listener);
    return () => void this.tabListeners.delete(key);
  };

  loadSockets = async () => (handshake: () => Handshake) => {
    const socket = new FakeSocket(handshake());
    this.sockets.push(socket);
    return socket;
  };

  async page(moment: PageMoment): Promise<void> {
    this.pageListener(moment);
    await settle();
  }

  /** Lets time pass, timer by timer. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (let due = this.next(end); due; due = this.next(end)) {
      this.time = Math.max(this.time, due.at);
      this.timers.delete(due);
      due.act();
      await settle();
    }
    this.time = end;
  }

  private next(end: number) {
    return [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  get openSockets(): FakeSocket[] {
    return this.sockets.filter((socket) => !socket.isClosed);
  }
}
