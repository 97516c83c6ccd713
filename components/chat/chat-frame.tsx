import Head from "next/head";
import { type ReactNode, useMemo, useState } from "react";
import type { MessageEntry, RoomId } from "../../protocol/events";
import { useOnDemand, usePart } from "../ui/on-demand";
import { useWords } from "../words/words";
import { useAlerts } from "./alerts/use-alerts";
import type { ChatClient } from "./client/chat-client";
import { MessageComposer } from "./composer/message-composer";
import { ConnectionStatus } from "./connection-status";
import type { MessageActions, RoomRole } from "./feed/message-actions";
import { MessageFeed } from "./feed/message-feed";
import type { FeedPosition } from "./feed/use-feed-position";
import { type HiddenVisitors, useHidden } from "./members/hidden-visitors";
import { seat } from "./members/tint";
import { TypingLine } from "./members/typing-line";
import { type ReplyTarget, replyable } from "./reply-target";
import type { ChatState } from "./state/chat-state";
import { hasWritingNote, isBarred } from "./state/writing";
import { useChatKeys } from "./use-chat-keys";
import { useRestoredFocus } from "./use-restored-focus";
import { useUnread } from "./use-unread";

type Props = {
  room: RoomId;
  /** In the browser's tab, and in alerts. */
  name: string;
  client: ChatClient;
  state: ChatState;
  position: FeedPosition;
  /** Visitors whose messages are folded into one line. */
  hidden: HiddenVisitors;
  hidesVisits: boolean;
  roomRole: RoomRole;
  /** The same object while the room is the same. */
  actions: Pick<MessageActions, "addressOf" | "hide" | "openSheet">;
  bar: ReactNode;
  /** Stands above the feed. */
  question?: ReactNode;
  /** Stands in place of the composer. */
  instead?: ReactNode;
  /** Stands beside the feed, and the drawer in its place. */
  members?: ReactNode;
  drawer?: ReactNode;
};

const loadWritingNote = () => import("./composer/writing-note");
const loadNameDialog = () => import("./members/name-dialog");

/** What a room and a conversation share: the feed, the composer, the alerts and the tab's title. */
export function ChatFrame(props: Props) {
  const { room, name, client, state, position, hidden, instead } = props;
  const t = useWords();
  const { self, members } = state.presence;
  seat(members);
  const nameDialog = useOnDemand(loadNameDialog);
  const WritingNote = usePart(loadWritingNote, hasWritingNote(state));
  const silent = useHidden();
  const unread = useUnread(room, state, silent);
  const restoredFocus = useRestoredFocus();
  const { events, keys } = useChatKeys();
  const reply = useReply(props);
  const actions = useActions(props, reply.begin);
  useAlerts(state, { room, title: name, hidden: silent });

  function send(text: string): void {
    client.send(text, reply.to?.seq);
    reply.end();
    position.messageSent();
  }

  return (
    <div className="chat-frame">
      <Head>
        <title>{`${unread}${name} · ${t("site.name")}`}</title>
      </Head>
      <div className="chat-room" {...restoredFocus} {...events}>
        {props.bar}
        <div className="room-main">
          {props.question}
          <MessageFeed {...props} actions={actions} />
          {instead || (
            <>
              <TypingLine typing={state.typing.filter(({ id }) => !hidden.has(id))} />
              <ConnectionStatus state={state} onRetry={client.reconnect} />
              <MessageComposer
                room={room}
                self={self}
                isBarred={isBarred(state)}
                note={WritingNote && hasWritingNote(state) && <WritingNote state={state} />}
                replyTo={reply.to}
                onCancelReply={reply.end}
                onSend={send}
                onType={(isTyping) => {
                  position.scroll.hold();
                  client.type(isTyping);
                }}
                onChangeName={nameDialog.show}
                lastText={() => lastOwnText(state)}
              />
            </>
          )}
        </div>
        {props.members}
      </div>
      {props.drawer}
      {keys}
      {nameDialog.Part && self && !instead && (
        <nameDialog.Part self={self} client={client} onClose={nameDialog.hide} />
      )}
    </div>
  );
}

/** The message that the visitor answers. */
function useReply({ client, state, hidden }: Props) {
  const [chosen, setChosen] = useState<ReplyTarget>();
  const target = replyable(state.feed, chosen);
  return {
    to: target && !hidden.has(target.by.id) ? target : undefined,
    begin: (entry: MessageEntry) => setChosen({ entry, since: client.getState().feed.cursor }),
    end: () => setChosen(undefined),
  };
}

function useActions({ client, position: { jumpTo }, actions }: Props, reply: MessageActions["reply"]) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `reply` does the same in every render
  return useMemo<MessageActions>(
    () => ({
      ...client,
      ...actions,
      reply,
      jumpTo: (seq) => jumpTo({ seq, at: "middle" }),
    }),
    [actions, client, jumpTo],
  );
}

function lastOwnText({ feed, outbox, presence }: ChatState): string | undefined {
  const own = feed.lines.findLast((line) => line.kind === "message" && line.by.id === presence.self?.id);
  return outbox.at(-1)?.text ?? (own as MessageEntry | undefined)?.text;
}
