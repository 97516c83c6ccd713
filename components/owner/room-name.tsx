import css from "../../styles/owner/room-name.module.css";
import { roomPath } from "../chat/room-address";
import { PageLink } from "../ui/page-link";
import { IsolatedText } from "../words/words";
import { useStaff } from "./staff-context";

type Props = { room: string; title?: string; seq?: number };

/** A room's title as a link to it, or to a message in it. */
export function RoomName({ room, title, seq }: Props) {
  const { titleOf } = useStaff();
  return (
    <PageLink href={`${roomPath(room)}${seq === undefined ? "" : `#${seq}`}`} className={css.room}>
      <IsolatedText>{titleOf(room, title)}</IsolatedText>
    </PageLink>
  );
}
