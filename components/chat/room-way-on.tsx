import type { RoomId } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import LeftDraft from "./composer/left-draft";

/** For the visitor of a room that is over: the unsent text, and links to other rooms. */
export default function RoomWayOn({ room }: { room: RoomId }) {
  const t = useWords();
  return (
    <>
      <LeftDraft room={room} hasFeed />
      <p className="room-ways">
        <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
        <PageLink href="/chat">{t("room.toLobby")}</PageLink>
      </p>
    </>
  );
}
