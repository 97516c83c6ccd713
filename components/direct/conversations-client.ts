import type { Ack, Conversation, Locale, RoomId, VisitorId } from "../../protocol/events";
import { browserEnvironment } from "../chat/client/browser-environment";
import type { ClientConnection } from "../chat/client/connection";
import type { Environment } from "../chat/client/environment";
import { idleMs } from "../chat/client/link";
import {
  initialLinkState,
  keepListConnection,
  type LinkState,
  unanswered,
} from "../chat/client/list-connection";
import { createObservable, type Observable } from "../chat/client/observable";
import { type Refusal, refusalOf } from "../chat/client/refusal";
import { loadSockets } from "../chat/client/sockets";
import { keepUnread } from "../chat/client/unread-rooms";
import type { Client } from "../chat/client/use-client";
import { type ConversationEvent, type ConversationLists, newestFirst, withEvent } from "./conversations";

export type ConversationsState = LinkState & {
  /** This browser's visitor; `undefined` until the server has told its id. */
  self?: VisitorId;
  /** The most recently active first; `undefined` until the first list arrives. */
  conversations?: readonly Conversation[];
  /** Requests from other visitors, the latest first. */
  requests: readonly Conversation[];
  refuse: boolean;
  blocked: readonly VisitorId[];
};

export const initialConversations: ConversationsState = {
  ...initialLinkState,
  requests: [],
  refuse: false,
  blocked: [],
};

/** The visitor's conversations while the page shows them. It joins no room. `open` and `close` may alternate. */
export type ConversationsClient = Client<ConversationsState> & {
  reconnect(): void;
  /** Makes sure that a conversation with this visitor exists, or returns the refusal. */
  begin(partner: VisitorId): Promise<Ack<unknown>>;
  refuse(refuse: boolean): Promise<Refusal>;
  /** Takes a conversation off the list until something new is written in it. */
  drop(room: RoomId): Promise<Refusal>;
  /** Blocks the visitor who sent the request, and takes the request off the list. */
  block(request: Conversation): Promise<Refusal>;
};

export function createConversationsClient(locale: Locale, environment: Environment): ConversationsClient {
  const state = createObservable(initialConversations);
  const { getState, subscribe, change } = state;
  const lists = keepLists(state, () => connection.reenter());
  const connection = keepListConnection(environment, {
    locale,
    changed: change,
    // Closing at once would show the visitor as offline to its partners.
    hiddenMs: idleMs,
    hears: {
      "session:started": ({ visitor }) => change({ self: visitor.id }),
      "direct:changed": lists.hear,
      "presence:changed": lists.hear,
    },
    read: lists.read,
  });
  const { ask } = connection;

  async function drop(room: RoomId): Promise<Refusal> {
    const refusal = await refusalOf(ask("direct:drop", { room }));
    if (!refusal) lists.remove(room);
    return refusal;
  }

  return {
    getState,
    subscribe,
    open: connection.open,
    close: connection.close,
    reconnect: connection.hurry,
    begin: async (partner) => (await ask("direct:open", { with: partner })) ?? unanswered,
    async refuse(refuse) {
      const refusal = await refusalOf(ask("direct:refuse", { refuse }));
      if (!refusal) change({ refuse });
      return refusal;
    },
    drop,
    async block({ partner: { id }, room }) {
      const refusal = await refusalOf(ask("visitor:block", { visitor: id, blocked: true }));
      if (refusal) return refusal;
      change({ blocked: [...getState().blocked, id] });
      return drop(room.id);
    },
  };
}

/** The lists of conversations and requests: read as a whole, then kept by events. Calls `lost` to have them read again. */
function keepLists({ getState, change }: Observable<ConversationsState>, lost: () => void) {
  /** An event that arrives while the list is being read may be newer than the answer. */
  let early: ConversationEvent[] = [];
  let readings = 0;
  /** Something has changed that the known list does not tell. */
  let isOutdated = false;

  function show(known: ConversationLists): void {
    change(known);
    keepUnread([...known.conversations, ...known.requests]);
  }

  function hear(event: ConversationEvent): void {
    if (readings > 0) return void early.push(event);
    const { conversations, requests } = getState();
    // Without a list yet, the next read brings this change anyway.
    if (!conversations) return;
    const known = withEvent({ conversations, requests }, event);
    if (known) show(known);
    else {
      isOutdated = true;
      lost();
    }
  }

  async function read({ ask }: Pick<ClientConnection, "ask">): Promise<Ack | undefined> {
    isOutdated = false;
    readings += 1;
    const answer = await ask("direct:list", {});
    readings -= 1;
    if (answer?.ok) {
      change({ refuse: answer.refuse, blocked: answer.blocked });
      const { conversations, requests = [] } = answer;
      show({ conversations: newestFirst(conversations), requests: newestFirst(requests) });
    }
    if (readings === 0) {
      const waiting = early;
      early = [];
      waiting.forEach(hear);
    }
    return isOutdated && answer?.ok ? read({ ask }) : answer;
  }

  return {
    hear,
    read,
    remove(room: RoomId): void {
      const { conversations = [], requests } = getState();
      const known = withEvent({ conversations, requests }, { room, lastEntryAt: 0, unread: 0, isGone: true });
      if (known) show(known);
    },
  };
}

export const openBrowserConversations = (locale: Locale): ConversationsClient =>
  createConversationsClient(locale, browserEnvironment(loadSockets));
