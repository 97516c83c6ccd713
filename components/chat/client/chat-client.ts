import type { Ack, ClientMessageId, Locale, RoomId } from "../../../protocol/events";
import { type ChatEvent, type ChatState, initialState, reduce } from "../state/chat-state";
import { browserEnvironment } from "./browser-environment";
import { type ClientConnection, type OpenConnection, openConnection } from "./connection";
import type { Cancel, Environment } from "./environment";
import { createHistory } from "./history";
import type { PageReader } from "./history-pages";
import { idleMs, keepLink, type LinkKeeper } from "./link";
import type { MemberPageResult } from "./member-pages";
import { createMute } from "./mute";
import { createNotifier } from "./notifier";
import { createOutbox } from "./outbox";
import { type Refusal, refusalOf } from "./refusal";
import { clientOf, type RoomUse, setRoomUse } from "./room-clients";
import type { RoomContext } from "./room-context";
import { enterRoom } from "./room-entry";
import { createRoomLifetime, type RoomLifetime } from "./room-lifetime";
import { openSavedOutbox } from "./saved-outbox";
import { loadSockets } from "./sockets";
import { createTyping } from "./typing";
import { hearUnread, keepUnread } from "./unread-rooms";

/** When the tab comes back, a link that does not answer within this time counts as dead. */
const probeMs = 3_000;

/** The chat of one room: its state, and what a visitor can do. `open` and `close` may alternate. */
export type ChatClient = PageReader &
  Pick<RoomLifetime, "open" | "close" | "deliver"> & {
    getState(): ChatState;
    subscribe(listener: () => void): Cancel;
    send(text: string, replyTo?: number): void;
    retry(id: ClientMessageId): void;
    discard(id: ClientMessageId): void;
    /** To be called at each change of the text being written. */
    type(isTyping: boolean): void;
    rename(name: string): Promise<Refusal>;
    /** Random names to choose from, which only this visitor sees; `undefined` without an answer. */
    suggestNames(): Promise<Ack<{ names: string[] }> | undefined>;
    remove(seq: number): Promise<Refusal>;
    closeRoom(): Promise<Refusal>;
    /** Reads more of the member list; `from`: the `next` of the page before. */
    readMembers(from?: string): Promise<MemberPageResult>;
    reconnect(): void;
    /** For the commands of parts that few visitors load. */
    ask: ClientConnection["ask"];
  };

type Options = {
  open?: OpenConnection;
  /** Called when this client enters the room, when it stays only to send its drafts, and when it leaves. */
  onUse?: (use: RoomUse) => void;
};

export function createChatClient(
  room: RoomId,
  locale: Locale,
  environment: Environment,
  { open = openConnection, onUse = () => {} }: Options = {},
): ChatClient {
  const notifier = createNotifier(environment);
  const saved = openSavedOutbox(environment.local, room);
  let state = initialState;

  function dispatch(event: ChatEvent): void {
    const before = state;
    state = reduce(before, event);
    if (state === before) return;
    if (state.outbox !== before.outbox) saved.save(before.outbox, state.outbox);
    if (state.feed.ahead.length > 0 && state.link.is === "live") void history.catchUp();
    if (event.type !== "room:joined" && isNewEpoch(before, state)) link.reenter();
    if (before.isDegraded && !state.isDegraded) outbox.resume();
    notifier.notify(state.outbox !== before.outbox || !isOfOthers(event));
    use.leaveWhenSent();
  }

  const link: LinkKeeper = keepLink(environment, {
    locale,
    open,
    plan: () => enterRoom(context),
    changed(now) {
      dispatch({ type: "link:changed", link: now });
      if (now.is === "live") outbox.flush();
    },
    hiddenMs: idleMs,
    // New messages come only over a connection, so a visitor with alerts on stays connected.
    staysAwake: environment.wantsAlerts,
  });
  const hearMute = createMute(environment, dispatch);
  const ask: ClientConnection["ask"] = async (...question) => {
    const answer = await link.ask(...question);
    hearMute(answer);
    return answer;
  };
  const context: RoomContext = { room, saved, dispatch, state: () => state, ask, rejoin: link.reenter };
  const history = createHistory(environment, context);
  const outbox = createOutbox(environment, context);

  const probe = () => void history.catchUp(probeMs);
  const use = createRoomLifetime(environment, { ...context, link, outbox, onUse, probe });

  return {
    ...history,
    ...use,
    ...roomCommands(room, ask),
    getState: context.state,
    subscribe: notifier.subscribe,
    send: outbox.write,
    retry(id) {
      outbox.retry(id);
      if (state.link.is === "live") probe();
      else link.hurry();
    },
    discard: outbox.discard,
    type: createTyping(environment, context),
    async readMembers(from) {
      const { readMembers } = await import("./member-pages");
      return readMembers({ ...context, subscribe: notifier.subscribe }, from);
    },
    reconnect: link.hurry,
    ask,
  };
}

const roomCommands = (
  room: RoomId,
  ask: ClientConnection["ask"],
): Pick<ChatClient, "rename" | "suggestNames" | "remove" | "closeRoom"> => ({
  rename: (name) => refusalOf(ask("name:change", { room, name })),
  suggestNames: () => ask("name:suggest", {}),
  remove: (seq) => refusalOf(ask("message:remove", { room, seq })),
  closeRoom: () => refusalOf(ask("room:close", { room })),
});

/** These may come dozens of times a second; they can wait for the next render. */
const isOfOthers = ({ type }: ChatEvent): boolean => type === "feed:appended" || type === "typing:changed";

const isNewEpoch = (
  { feed: { cursor: before } }: ChatState,
  { feed: { cursor: after } }: ChatState,
): boolean => before !== undefined && before.epoch !== after?.epoch;

/** A room's connection also hears of the visitor's conversations. A new visitor has none yet. */
export const openHearing: OpenConnection = (environment, handshake, listener) => {
  let isNew = true;
  const introduce = () => {
    const introduction = handshake();
    isNew = introduction.token === undefined;
    return introduction;
  };
  const connection = openConnection(environment, introduce, {
    ...listener,
    "direct:changed": hearUnread,
    async opened() {
      listener.opened();
      if (isNew) return keepUnread([]);
      const answer = await connection.ask("direct:list", { texts: false });
      if (answer?.ok) keepUnread([...answer.conversations, ...(answer.requests ?? [])]);
    },
  });
  return connection;
};

export const openBrowserChat = (room: RoomId, locale: Locale): ChatClient =>
  clientOf(room) ?? newBrowserChat(room, locale);

function newBrowserChat(room: RoomId, locale: Locale): ChatClient {
  const client = createChatClient(room, locale, browserEnvironment(loadSockets), {
    open: openHearing,
    onUse: (use) => setRoomUse(room, client, use),
  });
  return client;
}
