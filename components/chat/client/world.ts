import type { Challenge, Handshake, Proof } from "../../../protocol/events";

export type Cancel = () => void;

/** Small strings that outlive a reload. Both may be refused by the browser: then they live in memory. */
export type Store = {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
  keys(): string[];
};

/** The part of a Socket.IO client socket that the chat uses. */
export type Socket = {
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
};

/** The handshake is a function, so that every opening uses the newest token. */
export type OpenSocket = (handshake: () => Handshake) => Socket;

export type PageMoment = "shown" | "hidden" | "online" | "offline";

/** Everything outside of the chat's own logic; tests bring their own. */
export type World = {
  /** The wall clock, for moments that are shown or kept. It may be set back or forward at any time. */
  now(): number;
  /** Milliseconds since the page began, for all that waits or lapses: no setting of the clock moves it. */
  uptimeMs(): number;
  after(ms: number, act: () => void): Cancel;
  /** From 0 to below 1, for jitter. */
  random(): number;
  newId(): string;
  /** Over tabs and visits. */
  local: Store;
  /** Of this tab only; a duplicated tab begins with a copy. */
  session: Store;
  /** What another tab puts into `local` under keys with this beginning; `undefined` when it takes something away. */
  watchTabs(prefix: string, listener: (key: string, value: string | undefined) => void): Cancel;
  /**
   * Runs `act`, which must not reject, while no other tab of this browser runs one under the same name. Where there are no
   * locks it runs `without` instead, by default `act` itself.
   */
  alone(name: string, act: () => Promise<void>, without?: () => Promise<void>): Promise<void>;
  watchPage(listener: (moment: PageMoment) => void): Cancel;
  /** True while the reader wants to be told of news that come when the tab is hidden. */
  tellsNews(): boolean;
  /** Solves what a new visitor is asked for (W-4a). Rejects where that cannot be done. */
  prove(challenge: Challenge): Promise<Proof>;
  /** In two steps, so that whoever has changed their mind meanwhile opens nothing. */
  loadSockets(): Promise<OpenSocket>;
};
