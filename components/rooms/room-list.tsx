import Link from "next/link";
import type { ListedRoom } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";
import { HereCount } from "../chat/here-count";
import { roomPath } from "../chat/room-address";
import { Sentence, useLocale, useWords } from "../words/words";
import { agoOf } from "./ago";
import { ListSkeleton } from "./list-skeleton";

type Props = { rooms: readonly ListedRoom[] | undefined; now: number; labelledBy: string };

export function RoomList({ rooms, now, labelledBy }: Props) {
  const t = useWords();
  if (!rooms) return <ListSkeleton label={t("rooms.loading")} />;
  if (rooms.length === 0) return <p className="rooms-empty">{t("rooms.empty")}</p>;
  return (
    <ul aria-labelledby={labelledBy} className="rooms">
      {rooms.map((room) => (
        <RoomItem key={room.id} room={room} now={now} />
      ))}
    </ul>
  );
}

/** The whole row is the link; its title alone is what the link is called. */
function RoomItem({ room, now }: { room: ListedRoom; now: number }) {
  const t = useWords();
  const locale = useLocale();
  const ago = (
    <time dateTime={new Date(room.lastEntryAt).toISOString()}>{agoOf(room.lastEntryAt, now, locale)}</time>
  );
  return (
    <li className="room-row">
      <Link href={roomPath(room.id)} prefetch={false} className="room-link">
        <bdi dir="auto">{room.id === lobbyId ? t("lobby.title") : room.title}</bdi>
      </Link>
      <span className="room-facts">
        {room.memberCount > 0 && <HereCount count={room.memberCount} />}
        <span>
          <Sentence of="rooms.active" values={{ ago }} />
        </span>
      </span>
    </li>
  );
}
