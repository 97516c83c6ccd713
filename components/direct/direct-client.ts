import type { Locale, Partner, RequestState, RoomId, ServerToClient, VisitorId } from "../../protocol/events";
import { browserEnvironment } from "../chat/client/browser-environment";
import { type ChatClient, createChatClient } from "../chat/client/chat-client";
import type { ClientConnection } from "../chat/client/connection";
import type { Environment } from "../chat/client/environment";
import { createObservable, type Observable } from "../chat/client/observable";
import { type Refusal, refusalOf } from "../chat/client/refusal";
import { clientOf, setRoomUse } from "../chat/client/room-clients";
import { loadSockets } from "../chat/client/sockets";
import { hearUnread, keepUnread } from "../chat/client/unread-rooms";
import type { Client } from "../chat/client/use-client";
import { localRoomOf } from "../chat/room-address";
import { openDirect } from "./direct-connection";

export type DirectState = {
  /** As known when the conversation was found, with the online state since updated. */
  partner?: Partner;
  /** By this visitor; `undefined` until known. */
  isBlocked?: boolean;
  /** By the partner, who takes no messages: the history stays readable. */
  isRefused?: boolean;
  /** "sent": this visitor has written, and waits for an answer. */
  request?: RequestState | undefined;
};

export const initialDirect: DirectState = {};

/** The conversation with one visitor: a chat like any other, and what only a conversation of two has. */
export type DirectClient = Client<DirectState> & {
  chat: ChatClient;
  /** The chat's own name for the room, whose id only the server knows; drafts are kept under it. */
  localRoom: RoomId;
  /** Marks everything up to this entry as read, once per entry. */
  read(cursor: { epoch: string; seq: number }): Promise<void>;
  block(blocked: boolean): Promise<Refusal>;
};

export function createDirectClient(
  visitor: VisitorId,
  locale: Locale,
  environment: Environment,
  onUse: typeof setRoomUse = () => {},
): DirectClient {
  const state = createObservable(initialDirect);
  const { getState, subscribe, change } = state;
  /** The latest connection that has found the conversation. */
  let current: ClientConnection | undefined;
  let room: RoomId | undefined;
  let lastRead = "";

  const localRoom = localRoomOf(visitor);
  const chat = createChatClient(localRoom, locale, environment, {
    onUse: (use) => onUse(localRoom, client, use),
    open: openDirect({
      partner: visitor,
      localRoom,
      found(connection, { room: { id }, partner, request }, isRefused) {
        current = connection;
        room = id;
        change({ partner, isRefused, request });
        void readSettings(connection, id, visitor).then(
          (isBlocked) => isBlocked === undefined || change({ isBlocked }),
        );
      },
      hears: hearsOf(state, () => room),
    }),
  });

  const ask: ClientConnection["ask"] = async (...question) => current?.ask(...question);

  const client: DirectClient = {
    chat,
    localRoom,
    getState,
    subscribe,
    open: chat.open,
    close: chat.close,
    async read({ epoch, seq }) {
      const entry = `${epoch}:${seq}`;
      if (!room || entry === lastRead) return;
      lastRead = entry;
      const answer = await ask("direct:read", { room, seq });
      if (!answer?.ok && lastRead === entry) lastRead = "";
    },
    async block(blocked) {
      const refusal = await refusalOf(ask("visitor:block", { visitor, blocked }));
      if (!refusal) change({ isBlocked: blocked });
      return refusal;
    },
  };
  return client;
}

/** What the connection hears of this conversation, and of the visitor's other ones. */
const hearsOf = (
  { getState, change }: Observable<DirectState>,
  room: () => RoomId | undefined,
): Partial<ServerToClient> => ({
  // Messages of the open conversation are read on arrival: do not count them as unread.
  "direct:changed"(event) {
    if (event.room === room()) change({ request: event.request });
    else hearUnread(event);
  },
  "presence:changed"({ visitor: id, online }) {
    const { partner } = getState();
    if (partner?.id !== id) return;
    change({ partner: { ...partner, online } });
    // The server shows a partner as online only if the visitor may write to it: it takes messages again.
    if (online) change({ isRefused: false });
  },
});

/** Whether the visitor has blocked the partner; on the way it keeps which other conversations have unread messages. */
async function readSettings(
  connection: ClientConnection,
  room: RoomId,
  partner: VisitorId,
): Promise<boolean | undefined> {
  const answer = await connection.ask("direct:list", { texts: false });
  if (!answer?.ok) return undefined;
  const { conversations, requests = [] } = answer;
  keepUnread([...conversations, ...requests].filter((conversation) => conversation.room.id !== room));
  return answer.blocked.includes(partner);
}

export const openBrowserDirect = (visitor: VisitorId, locale: Locale): DirectClient =>
  clientOf(localRoomOf(visitor)) ??
  createDirectClient(visitor, locale, browserEnvironment(loadSockets), setRoomUse);
