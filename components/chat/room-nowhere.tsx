import type { RoomId } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { Nowhere } from "./nowhere";

type Props = {
  why: "missing" | "closed" | "invalid";
  /** The room that the visitor asked for. */
  room?: RoomId;
  /** The room that the visitor may create at this address. */
  canMake?: RoomId | undefined;
};

/** Shown in place of a room: why there is none, and where to go from here. */
export default function RoomNowhere({ why, room, canMake }: Props) {
  const t = useWords();
  return (
    <Nowhere title={t(`room.${why}.title`)} text={t(`room.${why}.text`)} room={room}>
      {canMake && (
        <PageLink href={`/rooms?make=${canMake}`} className="pill-button">
          {t("room.make")}
        </PageLink>
      )}
      <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
      <PageLink href="/chat">{t("room.toLobby")}</PageLink>
    </Nowhere>
  );
}
