import type { ReactNode } from "react";
import type { RoomId } from "../../protocol/events";
import { isReservedRoom } from "../../protocol/limits";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { Missing } from "./missing";

type Props = {
  why: "missing" | "closed" | "invalid" | "banned";
  /** The room that the visitor asked for. */
  room?: RoomId;
  /** False in place of a conversation, which is not made at an address. */
  canMake?: boolean;
  /** In place of a text, for example until when. */
  text?: ReactNode;
};

/**
 * Shown in place of a room or a conversation: why there is none, and where to go from here. A visitor may make a missing
 * room at its address.
 */
export default function RoomMissing({ why, room, canMake = true, text }: Props) {
  const t = useWords();
  const isMakeable = canMake && why === "missing" && room && !isReservedRoom(room);
  return (
    <Missing title={t(`room.${why}.title`)} text={text ?? t(`room.${why}.text`)} room={room}>
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
