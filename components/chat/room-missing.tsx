import type { RoomId } from "../../protocol/events";
import { isReservedRoom } from "../../protocol/limits";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { BanNotice } from "./ban-notice";
import { Missing } from "./missing";
import type { Link } from "./state/chat-state";

type Props = {
  why: "missing" | "closed" | "invalid" | "banned";
  /** The room that the visitor asked for. */
  room?: RoomId;
  /** False in place of a conversation, which is not made at an address. */
  canMake?: boolean;
  /** Of a visitor who is banned. */
  link?: Link;
  onOver?: () => void;
};

/**
 * Shown in place of a room or a conversation: why there is none, and where to go from here. A visitor may make a missing
 * room at its address.
 */
export default function RoomMissing({ why, room, canMake = true, link, onOver }: Props) {
  const t = useWords();
  const isMakeable = canMake && why === "missing" && room && !isReservedRoom(room);
  const ban = why === "banned" && link && onOver && <BanNotice link={link} onOver={onOver} />;
  return (
    <Missing title={t(`room.${why}.title`)} text={ban || t(`room.${why}.text`)} room={room}>
      {isMakeable && (
        <PageLink href={`/rooms?make=${room}`} className="pill-button">
          {t("room.make")}
        </PageLink>
      )}
      <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
      <PageLink href="/chat">{t("room.toLobby")}</PageLink>
    </Missing>
  );
}
