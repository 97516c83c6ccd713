import type { Environment, PageMoment, Socket, Store } from "../../components/chat/client/environment";
import type { Challenge, Handshake, Proof } from "../../protocol/events";

/** A command that the client has sent, and the function that answers it. */
export type Asked<Input = Record<string, unknown>> = {
  command: string;
  input: Input;
  answer(ack: Record<string, unknown>): Promise<void>;
};

/** Lets everything happen that is due now: only promises, no timers. */
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

const storeIn = (kept: Map<string, string>): Store & { kept: Map<string, string> } => ({
  kept,
  get: (key) => kept.get(key),
  set: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  keys: () => [...kept.keys()],
});

type TabListener = Parameters<Environment["watchTabs"]>[1];
type Tab = object;

/** The storage and locks that the tabs of one browser share. */
export class FakeBrowser {
  private readonly kept = new Map<string, string>();
  private readonly listeners = new Set<{ tab: Tab; prefix: string; hear: TabListener }>();
  private readonly locks = new Map<string, Promise<void>>();
  private ids = 0;

  newId = (): string => `message-${++this.ids}`;

  /** One tab's view of the storage: the other tabs get its changes as events. */
  storeOf(tab: Tab) {
    const { kept } = this;
    const tell = (key: string): void => {
      for (const { tab: of, prefix, hear } of this.listeners)
        if (of !== tab && key.startsWith(prefix)) hear(key, kept.get(key));
    };
    const { get, keys, set } = storeIn(kept);
    const setAndTell: Store["set"] = (key, value) => {
      const isNew = kept.get(key) !== value;
      set(key, value);
      if (isNew) queueMicrotask(() => tell(key));
    };
    return { kept, get, keys, set: setAndTell };
  }

  watch(tab: Tab, prefix: string, hear: TabListener) {
    const entry = { tab, prefix, hear };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  }

  /** A test whose server names the visitors at once may lock first visits as well. */
  readonly unlocked = new Set(["madang:first-visit"]);

  async alone(name: string, act: () => Promise<void>): Promise<void> {
    if (this.unlocked.has(name)) return act();
    const before = this.locks.get(name);
    const turn = before ? before.then(act) : act();
    this.locks.set(name, turn);
    await turn;
  }

  /** Closes or crashes all its tabs at once: they hold no locks and get no events. */
  closeTabs(): void {
    this.locks.clear();
    this.listeners.clear();
  }
}

export class FakeEnvironment implements Environment {
  /** The challenges that it was asked to solve; the test answers them. */
  readonly proving: { challenge: Challenge; solve(): Promise<void>; fail(): Promise<void> }[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly session = storeIn(new Map());
  readonly local: ReturnType<FakeBrowser["storeOf"]>;
  private time = 1_000_000;
  private timers = new Set<{ at: number; act: () => void }>();
  private pageListener: (moment: PageMoment) => void = () => {};
  /** Whether the reader wants alerts. */
  isAlerting = false;

  /** Environments that share storage and locks are tabs of one browser. */
  constructor(readonly browser = new FakeBrowser()) {
    this.local = browser.storeOf(this);
  }

  prove(challenge: Challenge): Promise<Proof> {
    return new Promise((resolve, reject) => {
      const solution = { counter: 7, derivedKey: "07" };
      this.proving.push({
        challenge,
        solve() {
          resolve({ challenge, solution });
          return settle();
        },
        fail() {
          reject(new Error("no proof"));
          return settle();
        },
      });
    });
  }

  /** How far the wall clock was set forward, or back. */
  clockShiftMs = 0;

  now = (): number => this.time + this.clockShiftMs;
  uptimeMs = (): number => this.time;
  random = (): number => 0.5;
  newId = (): string => this.browser.newId();

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

  watchTabs: Environment["watchTabs"] = (prefix, listener) => this.browser.watch(this, prefix, listener);
  alone: Environment["alone"] = (name, act) => this.browser.alone(name, act);
  wantsAlerts = (): boolean => this.isAlerting;

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
