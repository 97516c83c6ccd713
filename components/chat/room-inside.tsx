"use no memo"; // Why: feed-row.tsx

import Head from "next/head";
import { useEffect, useMemo, useState } from "react";
import type { MessageEntry, RoomId } from "../../protocol/events";
import { Drawer } from "../ui/drawer";
import { useWords } from "../words/words";
import type { ChatClient } from "./chat-client";
import type { RoomPlace } from "./chat-room";
import type { ChatState } from "./chat-state";
import { ConnectionStatus } from "./connection-status";
import { HereCount } from "./here-count";
import { MemberList } from "./member-list";
import type { MessageActions } from "./message-actions";
import { MessageComposer } from "./message-composer";
import { MessageFeed } from "./message-feed";
import { roomAddress } from "./room-address";
import { RoomBar } from "./room-bar";
import { useFeedScroll } from "./use-feed-scroll";
import { useJump } from "./use-jump";
import { useUnread } from "./use-unread";

type Props = {
  room: RoomId;
  title: string | undefined;
  client: ChatClient;
  state: ChatState;
  /** Nobody can write here any more. */
  isOver: boolean;
  place: RoomPlace | undefined;
};

/** Who is here, what is said, and where to write. */
export function RoomInside({ room, title, client, state, isOver, place }: Props) {
  const t = useWords();
  const { feed, presence } = state;
  const [replyTo, setReplyTo] = useState<MessageEntry>();
  const [areMembersOpen, setMembersOpen] = useState(false);
  const scroll = useFeedScroll(feed.lines, feed.hasOlder, client.readOlder);
  const jumpTo = useJump(state, client, scroll.jumpTo);
  const unread = useUnread(state);
  const count = feed.cursor && presence.count;
  const onCount = place?.onCount;
  const actions = useMemo<MessageActions>(
    () => ({
      addressOf: (seq) => roomAddress(room, seq),
      reply: setReplyTo,
      jumpTo,
      retry: client.retry,
      discard: client.discard,
    }),
    [room, client, jumpTo],
  );

  useEffect(() => {
    if (count !== undefined) onCount?.(count);
  }, [count, onCount]);

  function send(text: string): void {
    client.send(text, replyTo?.seq);
    setReplyTo(undefined);
    scroll.follow();
  }

  return (
    <div className="room-place">
      <Head>
        <title>{`${unread > 0 ? `(${unread}) ` : ""}${place?.pageTitle ?? title ?? t("room.title")} · Madang`}</title>
      </Head>
      <div className="chat-room">
        <RoomBar
          room={room}
          title={title}
          count={count}
          isPart={place !== undefined}
          onShowMembers={() => setMembersOpen(true)}
        >
          {place?.tools}
        </RoomBar>
        <div className="room-main">
          <MessageFeed state={state} scroll={scroll} actions={actions} />
          {isOver ? (
            <p role="status" className="room-over">
              {t("room.over")}
            </p>
          ) : (
            <>
              <ConnectionStatus state={state} onRetry={client.reconnect} />
              <MessageComposer
                room={room}
                self={presence.self}
                replyTo={replyTo}
                onCancelReply={() => setReplyTo(undefined)}
                onSend={send}
                lastText={() => lastOwnText(state)}
              />
            </>
          )}
        </div>
        <aside className="room-side">
          <h2>{t("chat.members")}</h2>
          {count !== undefined && <HereCount count={count} />}
          <MemberList presence={presence} />
        </aside>
      </div>
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
