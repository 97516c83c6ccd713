import type { ListedRoom, RoomId } from "../../protocol/events";
import { MemberCount } from "../chat/members/member-count";
import { roomPath } from "../chat/room-address";
import { PageLink } from "../ui/page-link";
import { IsolatedText, useWords } from "../words/words";
import { ActiveAgo } from "./active-ago";
import { ListSkeleton } from "./list-skeleton";
import { hasUnseen, useSeenRooms } from "./seen-rooms";

type Props = {
  rooms: readonly ListedRoom[] | undefined;
  /** Titles in the reader's language, for the rooms that the site itself has named. */
  titles: Readonly<Record<RoomId, string>>;
  now: number;
  labelledBy: string;
};

export function RoomList({ rooms, titles, now, labelledBy }: Props) {
  const t = useWords();
  const seen = useSeenRooms();
  if (!rooms) return <ListSkeleton label={t("rooms.loading")} />;
  if (rooms.length === 0) return <p className="rooms-empty">{t("rooms.empty")}</p>;
  return (
    <ul aria-labelledby={labelledBy} className="rooms">
      {rooms.map((room) => (
        <RoomItem
          key={room.id}
          room={room}
          title={titles[room.id] ?? room.title}
          now={now}
          isNew={hasUnseen(room, seen)}
        />
      ))}
    </ul>
  );
}

type ItemProps = { room: ListedRoom; title: string; now: number; isNew: boolean };

/** The whole row is the link, but only the title is its accessible name. */
function RoomItem({ room, title, now, isNew }: ItemProps) {
  const t = useWords();
  const newsId = isNew ? `${room.id}-news` : undefined;
  return (
    <li className="room-row">
      <span className="room-row-head">
        <PageLink href={roomPath(room.id)} className="room-link" aria-describedby={newsId}>
          <IsolatedText>{title}</IsolatedText>
        </PageLink>
        {isNew && (
          <span id={newsId} className="room-news">
            {t("rooms.news")}
          </span>
        )}
      </span>
      <span className="room-facts">
        {room.memberCount > 0 && <MemberCount count={room.memberCount} />}
        <ActiveAgo at={room.lastEntryAt} now={now} />
      </span>
    </li>
  );
}
