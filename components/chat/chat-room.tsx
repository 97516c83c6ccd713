import type { RoomId } from "../../protocol/events";
import { Broken } from "../ui/broken";
import { ErrorBoundary } from "../ui/error-boundary";
import { usePart } from "../ui/on-demand";
import { useWords } from "../words/words";
import { useChat } from "./client/use-chat";
import { useKeptRoom } from "./last-room";
import { useKeptName } from "./members/own-name";
import { type RoomEmbedding, RoomView } from "./room-view";
import { endingOf } from "./state/room-over";

type Props = {
  room: RoomId;
  /** In the visitor's language; without it the room's own title is shown. */
  title?: string;
  /** The path of the post whose room this is. */
  article?: string;
  embedding?: RoomEmbedding;
};

const loadMissing = () => import("./room-missing");

/** A room, as tall as the page allows, or the reason why there is none. Another room needs another `key`. */
export function ChatRoom({ room, title, article, embedding }: Props) {
  const { client, state } = useChat(room);
  useKeptRoom(title ?? state.room?.title);
  useKeptName(state.presence.self?.name);
  const ending = endingOf(state);
  const isMissing = ending !== undefined && !state.feed.cursor;
  const Missing = usePart(loadMissing, isMissing);
  const t = useWords();
  if (isMissing) {
    if (!Missing) return Missing === null && <p className="room-over">{t(`room.${ending}.title`)}</p>;
    return <Missing why={ending} room={room} link={state.link} onOver={client.reconnect} />;
  }
  return (
    // When it fails, the page around it stays, and drafts on their way are still sent.
    <ErrorBoundary fallback={<Broken />}>
      <RoomView
        room={room}
        title={title ?? state.room?.title}
        article={article}
        client={client}
        state={state}
        ending={ending}
        embedding={embedding}
      />
    </ErrorBoundary>
  );
}
