import css from "../../styles/owner/rooms-section.module.css";
import { useWords } from "../words/words";
import { RoomItem } from "./room-item";
import { useStaff } from "./staff-context";

/** All open public rooms, with their rules. */
export function RoomsSection() {
  const t = useWords();
  const { overview } = useStaff();
  return (
    <>
      <p className={css.lead}>{t("owner.rooms.lead")}</p>
      <ul aria-label={t("owner.section.rooms")} className={css.rooms}>
        {overview.rooms.map((room) => (
          <RoomItem key={room.id} room={room} />
        ))}
      </ul>
    </>
  );
}
