import type { ReactNode } from "react";
import type { RoomId } from "../../protocol/events";
import { postRoomPrefix } from "../../protocol/limits";
import { usePart } from "../ui/on-demand";
import { useWords } from "../words/words";
import { useChat } from "./client/use-chat";
import { useKeptRoom } from "./last-room";
import { RoomInside } from "./room-inside";
import { endingOf } from "./state/room-over";

/** For a room that is part of another page. */
export type RoomPlace = {
  /** The title that the browser's tab keeps. */
  pageTitle: string;
  /** Stands at the end of the room's bar. */
  tools: ReactNode;
  onCount(count: number): void;
};

type Props = {
  room: RoomId;
  /** In the visitor's language; without it the room's own title is shown. */
  title?: string;
  place?: RoomPlace;
};

const loadNowhere = () => import("./room-nowhere").then(({ RoomNowhere }) => RoomNowhere);

/** A room, as tall as its place allows, or the reason why there is none. Another room needs another `key`. */
export function ChatRoom({ room, title, place }: Props) {
  const { client, state } = useChat(room);
  useKeptRoom(title ?? state.room?.title);
  const ending = endingOf(state);
  const isNowhere = ending !== undefined && !state.feed.cursor;
  const Nowhere = usePart(loadNowhere, isNowhere);
  const t = useWords();
  if (isNowhere) {
    if (!Nowhere) return Nowhere === null && <p className="room-over">{t(`room.${ending}.title`)}</p>;
    const canMake = ending === "missing" && !room.startsWith(postRoomPrefix) ? room : undefined;
    return <Nowhere why={ending} room={room} canMake={canMake} />;
  }
  return (
    <RoomInside
      room={room}
      title={title ?? state.room?.title}
      client={client}
      state={state}
      ending={ending}
      place={place}
    />
  );
}
