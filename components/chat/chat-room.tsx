import Head from "next/head";
import { useMemo, useState } from "react";
import type { MessageEntry, RoomId } from "../../protocol/events";
import { Drawer } from "../ui/drawer";
import { useWords } from "../words/words";
import type { ChatState } from "./chat-state";
import { ConnectionStatus } from "./connection-status";
import { HereCount } from "./here-count";
import { MemberList } from "./member-list";
import type { MessageActions } from "./message-actions";
import { MessageComposer } from "./message-composer";
import { MessageFeed } from "./message-feed";
import { useChat } from "./use-chat";
import { useFeedScroll } from "./use-feed-scroll";
import { useJump } from "./use-jump";
import { useUnread } from "./use-unread";

type Props = { room: RoomId; title: string };

/** A room, as tall as its place allows: who is here, what is said, and where to write. */
export function ChatRoom({ room, title }: Props) {
  const t = useWords();
  const { client, state } = useChat(room);
  const { feed, presence } = state;
  const [replyTo, setReplyTo] = useState<MessageEntry>();
  const [areMembersOpen, setMembersOpen] = useState(false);
  const scroll = useFeedScroll(feed.lines, feed.hasOlder, client.readOlder);
  const jumpTo = useJump(state, client, scroll.jumpTo);
  const unread = useUnread(state);
  const actions = useMemo<MessageActions>(
    () => ({ reply: setReplyTo, jumpTo, retry: client.retry, discard: client.discard }),
    [client, jumpTo],
  );

  function send(text: string): void {
    client.send(text, replyTo?.seq);
    setReplyTo(undefined);
    scroll.follow();
  }

  return (
    <div className="chat-room">
      {unread > 0 && (
        <Head>
          <title>{`(${unread}) ${title} · Madang`}</title>
        </Head>
      )}
      <div className="room-bar">
        <h1>{title}</h1>
        <button type="button" className="members-button" onClick={() => setMembersOpen(true)}>
          {feed.cursor && <HereCount count={presence.count} />}
        </button>
      </div>
      <div className="room-main">
        <MessageFeed state={state} scroll={scroll} actions={actions} />
        <ConnectionStatus state={state} onRetry={client.reconnect} />
        <MessageComposer
          room={room}
          self={presence.self}
          replyTo={replyTo}
          onCancelReply={() => setReplyTo(undefined)}
          onSend={send}
          lastText={() => lastOwnText(state)}
        />
      </div>
      <aside className="room-side">
        <h2>{t("chat.members")}</h2>
        {feed.cursor && <HereCount count={presence.count} />}
        <MemberList presence={presence} />
      </aside>
      {areMembersOpen && (
        <Drawer title={t("chat.members")} closeLabel={t("chat.close")} onClose={() => setMembersOpen(false)}>
          <MemberList presence={presence} />
        </Drawer>
      )}
    </div>
  );
}

function lastOwnText({ feed, outbox, presence }: ChatState): string | undefined {
  const own = feed.lines.findLast((line) => line.kind === "message" && line.by.id === presence.self?.id);
  return outbox.at(-1)?.text ?? (own?.kind === "message" ? own.text : undefined);
}
