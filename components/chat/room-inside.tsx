import Head from "next/head";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { RoomId } from "../../protocol/events";
import { Broken } from "../ui/broken";
import { ErrorBoundary } from "../ui/error-boundary";
import { Icon } from "../ui/icon";
import { IconButton } from "../ui/icon-button";
import { useOnDemand } from "../ui/on-demand";
import { useWords } from "../words/words";
import { AlertBell } from "./alerts/alert-bell";
import { useAlerts } from "./alerts/use-alerts";
import { type Answered, stillAnswered } from "./answered";
import type { RoomPlace } from "./chat-room";
import type { ChatClient } from "./client/chat-client";
import { MessageComposer, messageBoxId } from "./composer/message-composer";
import { ConnectionStatus } from "./connection-status";
import type { MessageActions } from "./feed/message-actions";
import { MessageFeed } from "./feed/message-feed";
import { useFeedPosition } from "./feed/use-feed-position";
import { HereCount } from "./members/here-count";
import { hide, nobodyHidden, useHidden } from "./members/hidden-visitors";
import { MemberList } from "./members/member-list";
import { TypingLine } from "./members/typing-line";
import { roomAddress } from "./room-address";
import { RoomBar } from "./room-bar";
import { RoomEnded } from "./room-ended";
import type { ChatState } from "./state/chat-state";
import type { Ending } from "./state/room-over";
import { useRestoredFocus } from "./use-restored-focus";
import { useUnread } from "./use-unread";

/** What a conversation shows in place of a room's bar and members. */
export type Pair = {
  bar: ReactNode;
  /** Stands in place of the composer. */
  note: ReactNode;
  /** Whether the newest message is in view. */
  onFollowing(isFollowing: boolean): void;
};

type Props = {
  room: RoomId;
  title: string | undefined;
  client: ChatClient;
  state: ChatState;
  /** Why the room is over. */
  ending?: Ending;
  place?: RoomPlace | undefined;
  pair?: Pair;
};

const loadDrawer = () => import("./members/member-drawer").then(({ MemberDrawer }) => MemberDrawer);
const loadNameDialog = () => import("./members/name-dialog").then(({ NameDialog }) => NameDialog);
const loadClosing = () => import("./room-closing").then(({ RoomClosing }) => RoomClosing);

/**
 * The members, the feed and the composer. When they fail, the page around them stays, and drafts on their way are still
 * sent.
 */
export const RoomInside = (props: Props) => (
  <ErrorBoundary fallback={<Broken />}>
    <Inside {...props} />
  </ErrorBoundary>
);

function Inside({ room, title, client, state, ending, place, pair }: Props) {
  const t = useWords();
  const { feed, presence } = state;
  const { self } = presence;
  const [answered, setAnswered] = useState<Answered>();
  const isPair = pair !== undefined;
  const isOver = ending !== undefined;
  const silent = useHidden();
  // A visitor who opens a conversation wants to read it, so a hidden partner only raises no alert there. Blocking keeps
  // a partner away.
  const hidden = isPair ? nobodyHidden : silent;
  const answer = stillAnswered(feed, answered);
  const replyTo = answer && !hidden.has(answer.by.id) ? answer : undefined;
  const drawer = useOnDemand(loadDrawer);
  const nameDialog = useOnDemand(loadNameDialog);
  const closing = useOnDemand(loadClosing);
  const position = useFeedPosition(room, state, client, { hidden, silent });
  const unread = useUnread(state, silent, position.seenAnywhere);
  const keptFocus = useRestoredFocus();
  const name = place?.pageTitle ?? title ?? t("room.title");
  useAlerts(state, { room, title: name, hidden: silent });
  const isOwner = self !== undefined && state.room?.owner === self.id;
  const isLive = state.link.is === "live" && !state.isDegraded;
  // A visitor who reads on in a room that is over is no longer a member (C-6a).
  const count = feed.cursor && !isOver ? presence.count : undefined;
  const onCount = place?.onCount;
  const onFollowing = pair?.onFollowing;
  const { jumpTo } = position;
  const { isFollowing } = position.scroll;
  const actions = useMemo<MessageActions>(
    () => ({
      // Not in a conversation, whose address leads each of the two elsewhere.
      addressOf: isPair ? undefined : (seq) => roomAddress(room, seq),
      reply: (entry) => setAnswered({ entry, since: client.getState().feed.cursor }),
      jumpTo: (seq) => jumpTo({ seq, at: "middle" }),
      hide: isPair ? undefined : hide,
      remove: client.remove,
      retry: client.retry,
      discard: client.discard,
    }),
    [room, client, jumpTo, isPair],
  );

  useEffect(() => {
    if (count !== undefined) onCount?.(count);
  }, [count, onCount]);

  useEffect(() => onFollowing?.(isFollowing), [onFollowing, isFollowing]);

  function send(text: string): void {
    client.send(text, replyTo?.seq);
    setAnswered(undefined);
    position.wrote();
  }

  return (
    <div className="room-place">
      <Head>
        <title>{`${unread}${name} · ${t("site.name")}`}</title>
      </Head>
      {!isOver && !pair?.note && (
        <a href={`#${messageBoxId}`} className="skip-link">
          {t("chat.skip")}
        </a>
      )}
      <div className="chat-room" {...keptFocus}>
        {pair?.bar ?? (
          <RoomBar
            room={room}
            title={title}
            count={count}
            isLive={isLive}
            isPart={place !== undefined}
            isOver={isOver}
            onShowMembers={drawer.show}
          >
            <AlertBell />
            {isOwner && !isOver && (
              <IconButton label={t("room.close")} onClick={closing.show}>
                <Icon name="door" />
              </IconButton>
            )}
            {place?.tools}
          </RoomBar>
        )}
        <div className="room-main">
          {closing.Part && !isOver && <closing.Part close={client.closeRoom} onEnd={closing.hide} />}
          <MessageFeed
            state={state}
            position={position}
            hidesVisits={isPair}
            actions={actions}
            hidden={hidden}
            removable={isOver ? "none" : isOwner ? "any" : "own"}
          />
          {ending
            ? RoomEnded && <RoomEnded room={room} why={ending} />
            : (pair?.note ?? (
                <>
                  <TypingLine typing={state.typing.filter(({ id }) => !hidden.has(id))} />
                  <ConnectionStatus state={state} onRetry={client.reconnect} />
                  <MessageComposer
                    room={room}
                    self={self}
                    replyTo={replyTo}
                    onCancelReply={() => setAnswered(undefined)}
                    onSend={send}
                    onType={client.type}
                    onChangeName={nameDialog.show}
                    lastText={() => lastOwnText(state)}
                  />
                </>
              ))}
        </div>
        {!isPair && !isOver && (
          <aside className="room-side">
            <h2>{t("chat.members")}</h2>
            {count !== undefined && <HereCount count={count} isCurrent={isLive} />}
            <MemberList presence={presence} />
          </aside>
        )}
      </div>
      {drawer.Part && !isOver && <drawer.Part presence={presence} onClose={drawer.hide} />}
      {nameDialog.Part && self && !isOver && (
        <nameDialog.Part self={self} rename={client.rename} onClose={nameDialog.hide} />
      )}
    </div>
  );
}

function lastOwnText({ feed, outbox, presence }: ChatState): string | undefined {
  const own = feed.lines.findLast((line) => line.kind === "message" && line.by.id === presence.self?.id);
  return outbox.at(-1)?.text ?? (own?.kind === "message" ? own.text : undefined);
}
