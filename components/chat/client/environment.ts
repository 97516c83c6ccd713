import type { Challenge, Handshake, Proof } from "../../../protocol/events";

export type Cancel = () => void;

/** Small strings that outlive a reload. If the browser refuses storage, they live in memory. */
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

/** Everything outside of the chat's own logic; tests pass their own. */
export type Environment = {
  /** The wall clock, for moments that are shown or kept. It may be set back or forward at any time. */
  now(): number;
  /** Milliseconds since the page was opened, for waits and deadlines: setting the clock does not move it. */
  uptimeMs(): number;
  after(ms: number, act: () => void): Cancel;
  /** From 0 to below 1, for jitter. */
  random(): number;
  newId(): string;
  /** Shared by all tabs, and kept when they close. */
  local: Store;
  /** This tab's own; a duplicated tab begins with a copy. */
  session: Store;
  /**
   * Calls `listener` when another tab sets a key of `local` with this prefix; the value is `undefined` when it removes
   * one.
   */
  watchTabs(prefix: string, listener: (key: string, value: string | undefined) => void): Cancel;
  /**
   * Runs `act`, which must not reject, while no other tab of this browser runs one under the same name; after 10 s of
   * waiting it runs anyway. Where there are no locks it runs `without` instead, by default `act` itself.
   */
  alone(name: string, act: () => Promise<void>, without?: () => Promise<void>): Promise<void>;
  watchPage(listener: (moment: PageMoment) => void): Cancel;
  /** True while the visitor wants alerts of messages that come while the tab is hidden. */
  wantsAlerts(): boolean;
  /** Solves a new visitor's proof of work (W-4a). Rejects where the browser cannot. */
  prove(challenge: Challenge): Promise<Proof>;
  /** In two steps, so that a connection that is closed during the load opens no socket. */
  loadSockets(): Promise<OpenSocket>;
};
