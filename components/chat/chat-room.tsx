import type { ReactNode } from "react";
import type { RoomId } from "../../protocol/events";
import { postRoomPrefix } from "../../protocol/limits";
import { useKeptRoom } from "./last-room";
import { RoomInside } from "./room-inside";
import { RoomNowhere } from "./room-nowhere";
import { endingOf } from "./room-over";
import { useChat } from "./use-chat";

/** Where a room is a part of another page. */
export type RoomPlace = {
  /** What the browser's tab goes on to say. */
  pageTitle: string;
  /** Stands at the end of the room's bar. */
  tools: ReactNode;
  onCount(count: number): void;
};

type Props = {
  room: RoomId;
  /** In the reader's language; without it the room says its own. */
  title?: string;
  place?: RoomPlace;
};

/** A room, as tall as its place allows, or why there is none. Another room wants another `key`. */
export function ChatRoom({ room, title, place }: Props) {
  const { client, state } = useChat(room);
  useKeptRoom(title ?? state.room?.title);
  const ending = endingOf(state);
  if (ending && !state.feed.cursor) {
    const canMake = ending === "missing" && !room.startsWith(postRoomPrefix) ? room : undefined;
    return <RoomNowhere why={ending} room={room} canMake={canMake} />;
  }
  return (
    <RoomInside
      room={room}
      title={title ?? state.room?.title}
      client={client}
      state={state}
      isOver={ending !== undefined}
      place={place}
    />
  );
}
