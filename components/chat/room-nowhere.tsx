import Link from "next/link";
import type { RoomId } from "../../protocol/events";
import { useWords } from "../words/words";

type Props = {
  why: "missing" | "closed" | "invalid";
  /** The room that may be made under this very address. */
  canMake?: RoomId | undefined;
};

/** Instead of a room: why there is none, and where to go from here. */
export function RoomNowhere({ why, canMake }: Props) {
  const t = useWords();
  return (
    <div className="room-nowhere">
      <h1>{t(`room.${why}.title`)}</h1>
      <p>{t(`room.${why}.text`)}</p>
      <p className="room-ways">
        {canMake && (
          <Link href={{ pathname: "/rooms", query: { make: canMake } }} className="pill-button">
            {t("room.make")}
          </Link>
        )}
        <Link href="/rooms">{t("room.toRooms")}</Link>
        <Link href="/chat">{t("room.toLobby")}</Link>
      </p>
    </div>
  );
}
