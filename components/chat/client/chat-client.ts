import type { ClientMessageId, Locale, RoomId } from "../../../protocol/events";
import { type ChatEvent, type ChatState, initialState, reduce } from "../state/chat-state";
import { browserWorld } from "./browser-world";
import { type OpenConnection, openConnection } from "./connection";
import { createHistory } from "./history";
import { keepLink } from "./link";
import { createNotifier } from "./notifier";
import { createSender } from "./outbox";
import type { Reader } from "./reader";
import { type Refusal, refusalOf } from "./refusal";
import { saveOutbox } from "./saved-outbox";
import { loadSockets } from "./sockets";
import { createTyping } from "./typing";
import { hearUnread, keepUnread } from "./unread-rooms";
import type { Cancel, PageMoment, World } from "./world";

/** A link that does not answer within this time after the tab came back is taken for dead. */
const probeMs = 3_000;

/** The chat of one room: its state, and what a visitor can do. `open` and `close` may alternate. */
export type ChatClient = Reader & {
  getState(): ChatState;
  subscribe(listener: () => void): Cancel;
  open(): void;
  close(): void;
  send(text: string, replyTo?: number): void;
  retry(id: ClientMessageId): void;
  discard(id: ClientMessageId): void;
  /** To be said at each change of what is being written. */
  type(isTyping: boolean): void;
  /** Without a name: another random one. */
  rename(name?: string): Promise<Refusal>;
  remove(seq: number): Promise<Refusal>;
  closeRoom(): Promise<Refusal>;
  reconnect(): void;
};

export function createChatClient(
  room: RoomId,
  locale: Locale,
  world: World,
  open: OpenConnection = openConnection,
): ChatClient {
  const notifier = createNotifier(world);
  let state = initialState;
  let stopWatching: Cancel[] = [];

  function dispatch(event: ChatEvent): void {
    const before = state;
    state = reduce(before, event);
    if (state === before) return;
    if (state.outbox !== before.outbox) saveOutbox(world.session, room, state.outbox);
    if (state.feed.ahead.length > 0 && state.link.is === "live") void history.catchUp();
    if (event.type !== "room:joined" && isNewEpoch(before, state)) link.rejoin();
    if (before.isDegraded && !state.isDegraded) sender.resume();
    notifier.notify(state.outbox !== before.outbox || !isOfOthers(event));
  }

  const host = { room, locale, openConnection: open, dispatch, state: () => state };
  const link = keepLink(world, { ...host, live: () => sender.flush() });
  const history = createHistory(world, { ...host, ask: link.ask });
  const type = createTyping(world, { ...host, ask: link.ask });
  const sender = createSender(world, { ...host, ask: link.ask, rejoin: link.rejoin });

  function pageChanged(moment: PageMoment): void {
    if (moment === "shown") link.stayAwake();
    if (moment === "hidden") link.fallAsleepLater();
    else if (state.link.is === "live") void history.catchUp(probeMs);
    else if (moment !== "offline" && state.link.is !== "refused") link.hurry();
  }

  return {
    getState: () => state,
    subscribe: notifier.subscribe,
    open() {
      if (state === initialState) sender.restore();
      stopWatching = [world.watchPage(pageChanged), sender.watchTabs()];
      link.open();
    },
    close() {
      for (const stop of stopWatching) stop();
      sender.close();
      link.leave();
    },
    send: sender.write,
    retry(id) {
      sender.retry(id);
      if (state.link.is === "live") void history.catchUp(probeMs);
      else link.hurry();
    },
    discard: sender.discard,
    readOlder: history.readOlder,
    readNewer: history.readNewer,
    readAround: history.readAround,
    leaveExcerpt: history.leaveExcerpt,
    type,
    rename: (name) => refusalOf(link.ask("name:change", { room, ...(name && { name }) })),
    remove: (seq) => refusalOf(link.ask("message:remove", { room, seq })),
    closeRoom: () => refusalOf(link.ask("room:close", { room })),
    reconnect: link.hurry,
  };
}

/** There may be dozens of them a second; nobody waits for any. */
const isOfOthers = ({ type }: ChatEvent): boolean => type === "feed:appended" || type === "typing:changed";

const isNewEpoch = (
  { feed: { cursor: before } }: ChatState,
  { feed: { cursor: after } }: ChatState,
): boolean => before !== undefined && before.epoch !== after?.epoch;

/** Whoever is in any room hears of their conversations on the same connection; who is new here has none yet. */
export const openHearing: OpenConnection = (world, handshake, listener) => {
  let isNew = true;
  const introduce = () => {
    const introduction = handshake();
    isNew = introduction.token === undefined;
    return introduction;
  };
  const connection = openConnection(world, introduce, {
    ...listener,
    "direct:changed": hearUnread,
    async opened() {
      listener.opened();
      if (isNew) return keepUnread([]);
      const answer = await connection.ask("direct:list", {});
      if (answer?.ok) keepUnread(answer.conversations);
    },
  });
  return connection;
};

export const openBrowserChat = (room: RoomId, locale: Locale): ChatClient =>
  createChatClient(room, locale, browserWorld(loadSockets), openHearing);
