import { type ReactNode, useEffect, useMemo } from "react";
import type { RoomId } from "../../protocol/events";
import { useOnDemand, usePart } from "../ui/on-demand";
import { useWords } from "../words/words";
import { AlertBell } from "./alerts/alert-bell";
import { ChatFrame } from "./chat-frame";
import type { ChatClient } from "./client/chat-client";
import { useFeedPosition } from "./feed/use-feed-position";
import { hide, useHidden } from "./members/hidden-visitors";
import { MemberCount } from "./members/member-count";
import type { MemberDrawerProps } from "./members/member-drawer";
import { MemberList } from "./members/member-list";
import { roomAddress } from "./room-address";
import { RoomBar } from "./room-bar";
import type { ChatState } from "./state/chat-state";
import type { Presence } from "./state/presence";
import type { Ending } from "./state/room-over";
import { useRoomKeeping } from "./use-room-keeping";
import { useVisitorSheet } from "./use-visitor-sheet";
import type { OpenSheet } from "./visitor-sheet";

/** How a room is part of another page. */
export type RoomEmbedding = {
  /** The title that the browser's tab keeps. */
  pageTitle: string;
  /** Stands at the end of the room's bar. */
  tools: ReactNode;
  onCount(count: number): void;
};

type Props = {
  room: RoomId;
  title: string | undefined;
  article: string | undefined;
  client: ChatClient;
  state: ChatState;
  /** Why the room is over. */
  ending: Ending;
  embedding: RoomEmbedding | undefined;
};

const loadDrawer = () => import("./members/member-drawer");
const loadEnded = () => import("./room-ended");
const loadWelcome = () => import("./room-welcome");

/** A room that is open to the visitor, or was until it ended: its bar, its chat and its members. */
export function RoomView({ room, title, article, client, state, ending, embedding }: Props) {
  const t = useWords();
  const { feed, presence } = state;
  const isOver = ending !== undefined;
  const hidden = useHidden();
  const position = useFeedPosition(room, state, client, { hidden, silent: hidden });
  const drawer = useOnDemand(loadDrawer);
  const keeping = useRoomKeeping(client, state, isOver);
  const { open: openSheet, sheet } = useVisitorSheet(client, state);
  const moderate = keeping.roomRole === "staff" ? openSheet : undefined;
  const Welcome = usePart(loadWelcome, state.room !== undefined);
  const isLive = state.link.is === "live" && !state.isDegraded;
  // A visitor who reads on in a room that is over is no longer a member (C-6a).
  const count = feed.cursor && !isOver ? presence.count : undefined;
  const onCount = embedding?.onCount;
  const actions = useMemo(
    () => ({ addressOf: (seq: number) => roomAddress(room, seq), hide, openSheet }),
    [room, openSheet],
  );

  useEffect(() => {
    if (count !== undefined) onCount?.(count);
  }, [count, onCount]);

  return (
    <ChatFrame
      room={room}
      name={embedding?.pageTitle ?? title ?? t("room.title")}
      client={client}
      state={state}
      position={position}
      hidden={hidden}
      hidesVisits={false}
      roomRole={keeping.roomRole}
      actions={actions}
      bar={
        <RoomBar
          room={room}
          title={title}
          article={article}
          count={count}
          isLive={isLive}
          isPart={embedding !== undefined}
          isOver={isOver}
          onShowMembers={drawer.show}
        >
          <AlertBell />
          {keeping.menu}
          {embedding?.tools}
        </RoomBar>
      }
      question={
        <>
          {keeping.question}
          {Welcome && state.room && !isOver && (
            <Welcome room={state.room} onResize={() => void position.scroll.hold()} />
          )}
        </>
      }
      instead={ending && <RoomOver room={room} why={ending} {...{ client, state }} />}
      members={!isOver && <RoomSide {...{ presence, count, isLive, client, moderate }} />}
      drawer={
        <>
          {!isOver && <RoomDrawer {...{ drawer, presence, client }} moderate={moderate} />}
          {sheet}
          {keeping.dialog}
        </>
      }
    />
  );
}

type OverProps = Pick<Props, "room" | "client" | "state"> & { why: Exclude<Ending, undefined> };

/** In place of the composer: why the room is over, and in time what the visitor can do now. */
function RoomOver({ room, why, client, state }: OverProps) {
  const t = useWords();
  const Ended = usePart(loadEnded, true);
  return Ended ? (
    <Ended room={room} why={why} link={state.link} onOver={client.reconnect} />
  ) : (
    <p ref={takeFocus} tabIndex={-1} className="room-over">
      {t(`room.over.${why}`)}
    </p>
  );
}

/** The focus was in the message box, or on the button that closed the room: both are gone. */
function takeFocus(line: HTMLElement | null): void {
  if (document.activeElement === document.body) line?.focus({ preventScroll: true });
}

type SideProps = Pick<Props, "client"> & {
  presence: Presence;
  count: number | undefined;
  isLive: boolean;
  moderate: OpenSheet | undefined;
};

/** The members beside the feed, where the screen is wide enough. */
function RoomSide({ presence, count, isLive, client, moderate }: SideProps) {
  const t = useWords();
  return (
    <aside className="room-side">
      <h2>{t("chat.members")}</h2>
      {count !== undefined && <MemberCount count={count} isCurrent={isLive} />}
      <MemberList
        self={presence.self}
        members={presence.members}
        count={presence.count}
        readMore={client.readMembers}
        moderate={moderate}
      />
    </aside>
  );
}

type DrawerProps = Pick<SideProps, "presence" | "client" | "moderate"> & {
  drawer: ReturnType<typeof useOnDemand<MemberDrawerProps>>;
};

/** The members over the room, where the screen is too narrow for them beside the feed. */
function RoomDrawer({ drawer, presence, client, moderate }: DrawerProps) {
  /** The line that tells of an act is on the page, which the drawer would cover. */
  const moderateBelow: OpenSheet = (target, { currentTarget }) => {
    drawer.hide();
    moderate?.(target, { currentTarget: (document.activeElement as HTMLElement | null) ?? currentTarget });
  };
  return (
    drawer.Part && (
      <drawer.Part
        presence={presence}
        readMore={client.readMembers}
        moderate={moderate && moderateBelow}
        onClose={drawer.hide}
      />
    )
  );
}
