import type { RoomId } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { LeftDraft } from "./left-draft";

/** In place of the composer once the room is over: what could not be sent any more, and where to go. */
export function RoomEnded({ room }: { room: RoomId }) {
  const t = useWords();
  return (
    <div className="room-over">
      <p role="status">{t("room.over")}</p>
      <LeftDraft room={room} />
      <p className="room-ways">
        <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
        <PageLink href="/chat">{t("room.toLobby")}</PageLink>
      </p>
    </div>
  );
}
