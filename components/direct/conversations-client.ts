import type { Ack, Conversation, Locale, ServerToClient, VisitorId } from "../../protocol/events";
import { browserWorld } from "../chat/client/browser-world";
import { keepState } from "../chat/client/kept-state";
import { idleMs } from "../chat/client/link";
import { type Refusal, refusalOf } from "../chat/client/refusal";
import { loadSockets } from "../chat/client/sockets";
import { keepUnread } from "../chat/client/unread-rooms";
import type { Client } from "../chat/client/use-client";
import { firstOutlook, keepWatch, type Outlook, unanswered } from "../chat/client/watch";
import type { World } from "../chat/client/world";
import { type ConversationNews, newestFirst, withNews } from "./conversations";

export type ConversationsState = Outlook & {
  /** Who one is; `undefined` until the server has said so. */
  self?: VisitorId;
  /** The last active first; `undefined` until the first list is there. */
  conversations?: readonly Conversation[];
  refuse: boolean;
  blocked: readonly VisitorId[];
};

export const initialConversations: ConversationsState = { ...firstOutlook, refuse: false, blocked: [] };

/** One's conversations while one looks at them. It is in no room. `open` and `close` may alternate. */
export type ConversationsClient = Client<ConversationsState> & {
  reconnect(): void;
  /** Makes sure that there is a conversation with this visitor, or tells why not. */
  begin(partner: VisitorId): Promise<Ack<unknown>>;
  refuse(refuse: boolean): Promise<Refusal>;
};

export function createConversationsClient(locale: Locale, world: World): ConversationsClient {
  const { getState, subscribe, change } = keepState(initialConversations);
  /** What is heard while the list is being read may be newer than the answer. */
  let early: ConversationNews[] = [];
  let readings = 0;

  function show(conversations: readonly Conversation[]): void {
    change({ conversations });
    keepUnread(conversations);
  }

  function hear(news: ConversationNews): void {
    if (readings > 0) return void early.push(news);
    const known = getState().conversations;
    // It is being asked for again anyway.
    if (!known) return;
    const conversations = withNews(known, news);
    if (conversations) show(conversations);
    else watch.refresh();
  }

  const hears: Partial<ServerToClient> = {
    "session:started": ({ visitor }) => change({ self: visitor.id }),
    "direct:changed": hear,
    "presence:changed": hear,
  };

  const watch = keepWatch(world, {
    locale,
    changed: change,
    // Whoever closes at once is offline to its partners.
    hiddenMs: idleMs,
    hears,
    async read(connection) {
      readings += 1;
      const answer = await connection.ask("direct:list", {});
      readings -= 1;
      if (answer?.ok) {
        change({ refuse: answer.refuse, blocked: answer.blocked });
        show(newestFirst(answer.conversations));
      }
      if (readings === 0) {
        const waiting = early;
        early = [];
        waiting.forEach(hear);
      }
      return answer;
    },
  });

  return {
    getState,
    subscribe,
    open: watch.open,
    close: watch.close,
    reconnect: watch.reconnect,
    begin: async (partner) => (await watch.ask("direct:open", { with: partner })) ?? unanswered,
    async refuse(refuse) {
      const refusal = await refusalOf(watch.ask("direct:refuse", { refuse }));
      if (!refusal) change({ refuse });
      return refusal;
    },
  };
}

export const openBrowserConversations = (locale: Locale): ConversationsClient =>
  createConversationsClient(locale, browserWorld(loadSockets));
