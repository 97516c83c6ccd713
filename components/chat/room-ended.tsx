import type { RoomId } from "../../protocol/events";
import { usePart } from "../ui/on-demand";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";

const loadLeftDraft = () => import("./left-draft").then(({ LeftDraft }) => LeftDraft);

/** In place of the composer once the room is over: what could not be sent any more, and where to go. */
export function RoomEnded({ room }: { room: RoomId }) {
  const t = useWords();
  const LeftDraft = usePart(loadLeftDraft, true);
  return (
    <div className="room-over">
      <p role="status">{t("room.over")}</p>
      {LeftDraft && <LeftDraft room={room} />}
      <p className="room-ways">
        <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
        <PageLink href="/chat">{t("room.toLobby")}</PageLink>
      </p>
    </div>
  );
}
