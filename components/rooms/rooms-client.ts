import type { Ack, CreateInput, ListedRoom, Locale, Room, WireError } from "../../protocol/events";
import { retryDelayMs } from "../chat/backoff";
import { browserWorld } from "../chat/browser-world";
import type { ChatState, Link } from "../chat/chat-state";
import { type Connection, openConnection } from "../chat/connection";
import { openSessionToken } from "../chat/session-token";
import { loadSockets } from "../chat/sockets";
import type { Cancel, PageMoment, World } from "../chat/world";

/**
 * The wire has no event for the list: one that changes with every entry of every room would cost each replica more
 * than those who look at it asking now and then. The server gathers their questions into one reading.
 */
export const refreshMs = 4_000;

export type RoomsState = Pick<ChatState, "link" | "isDegraded"> & {
  /** `undefined` until the first list is there. */
  rooms?: readonly ListedRoom[];
  readAt: number;
};

export const initialRooms: RoomsState = {
  link: { is: "connecting", attempt: 0 },
  isDegraded: false,
  readAt: 0,
};

/** The list of rooms while somebody looks at it. It is in no room. `open` and `close` may alternate. */
export type RoomsClient = {
  getState(): RoomsState;
  subscribe(listener: () => void): Cancel;
  open(): void;
  close(): void;
  reconnect(): void;
  make(input: CreateInput): Promise<Ack<{ room: Room }>>;
};

const unanswered: WireError = { code: "unavailable", message: "There was no answer.", retryable: true };

export function createRoomsClient(locale: Locale, world: World): RoomsClient {
  const token = openSessionToken(world.local);
  const listeners = new Set<() => void>();
  let state = initialRooms;
  let current: Connection | undefined;
  let attempt = 0;
  let cancelNext: Cancel = () => {};
  let cancelDrain: Cancel = () => {};
  let stopWatching: Cancel = () => {};

  function change(news: Partial<RoomsState>): void {
    state = { ...state, ...news };
    for (const listener of listeners) listener();
  }

  const show = (link: Link): void => change({ link });

  function connect(): void {
    shut();
    show({ is: "connecting", attempt });
    let used: string | undefined;
    const connection = openConnection(
      world,
      () => {
        used = token.current();
        return { protocol: 1, locale, ...(used && { token: used }) };
      },
      {
        opened: () => void read(connection),
        ended: (error) => lose(error, used),
        "session:started": (event) => token.keep(event.token),
        "status:changed": ({ degraded }) => change({ isDegraded: degraded }),
        "replica:draining"({ afterMs }) {
          cancelDrain = world.after(afterMs, connect);
        },
      },
    );
    current = connection;
  }

  async function read(connection: Connection): Promise<void> {
    const answer = await connection.ask("room:list", {});
    if (!answer || connection !== current) return;
    const delayMs = answer.ok ? refreshMs : (answer.error.retryAfterMs ?? refreshMs);
    cancelNext = world.after(delayMs, () => void read(connection));
    const readAt = world.now();
    if (!answer.ok) return show({ is: "waiting", retryAt: readAt + delayMs, error: answer.error });
    attempt = 0;
    change({ link: { is: "live" }, rooms: answer.rooms, readAt });
  }

  function lose(error: WireError | undefined, used: string | undefined): void {
    shut();
    if (error?.code === "invalid_token" && used) {
      token.drop(used);
      connect();
    } else if (error && !error.retryable) show({ is: "refused", error });
    else {
      attempt += 1;
      const delayMs = error?.retryAfterMs ?? retryDelayMs(attempt, world.random);
      cancelNext = world.after(delayMs, connect);
      show({ is: "waiting", retryAt: world.now() + delayMs });
    }
  }

  function shut(): void {
    cancelNext();
    cancelDrain();
    current?.close();
    current = undefined;
  }

  function pageChanged(moment: PageMoment): void {
    if (moment === "hidden") {
      shut();
      show({ is: "asleep" });
    } else if (moment !== "offline" && !current) connect();
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open() {
      stopWatching = world.watchPage(pageChanged);
      connect();
    },
    close() {
      stopWatching();
      shut();
    },
    reconnect: connect,
    make: async (input) => (await current?.ask("room:create", input)) ?? { ok: false, error: unanswered },
  };
}

export const openBrowserRooms = (locale: Locale): RoomsClient =>
  createRoomsClient(locale, browserWorld(loadSockets));
