import type { Ack, CreateInput, ListedRoom, Locale, Room } from "../../protocol/events";
import { browserEnvironment } from "../chat/client/browser-environment";
import type { Environment } from "../chat/client/environment";
import {
  initialLinkState,
  keepListConnection,
  type LinkState,
  unanswered,
} from "../chat/client/list-connection";
import { createObservable } from "../chat/client/observable";
import { loadSockets } from "../chat/client/sockets";
import type { Client } from "../chat/client/use-client";

/**
 * The wire has no event for the list, which changes with every entry of every room: sending those changes would cost
 * each replica more than being polled by the pages that show the list. The server answers polls from one shared read.
 */
export const refreshMs = 4_000;

export type RoomsState = LinkState & {
  /** `undefined` until the first list arrives. */
  rooms?: readonly ListedRoom[];
  readAt: number;
};

export const initialRooms: RoomsState = { ...initialLinkState, readAt: 0 };

/** The list of rooms while a page shows it. It joins no room. `open` and `close` may alternate. */
export type RoomsClient = Client<RoomsState> & {
  reconnect(): void;
  make(input: CreateInput): Promise<Ack<{ room: Room }>>;
};

export function createRoomsClient(locale: Locale, environment: Environment): RoomsClient {
  const { getState, subscribe, change } = createObservable(initialRooms);
  const { ask, open, close, hurry } = keepListConnection(environment, {
    locale,
    changed: change,
    refreshMs,
    hiddenMs: 0,
    async read(connection) {
      const answer = await connection.ask("room:list", {});
      if (answer?.ok) change({ rooms: answer.rooms, readAt: environment.now() });
      return answer;
    },
  });
  return {
    getState,
    subscribe,
    open,
    close,
    reconnect: hurry,
    make: async (input) => (await ask("room:create", input)) ?? unanswered,
  };
}

export const openBrowserRooms = (locale: Locale): RoomsClient =>
  createRoomsClient(locale, browserEnvironment(loadSockets));
