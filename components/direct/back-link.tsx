import { useLastRoom } from "../chat/last-room";
import { Icon } from "../ui/icon";
import { PageLink } from "../ui/page-link";
import { IsolatedText, useWords } from "../words/words";

/** Leads back to the visitor's last room, or else to all conversations. */
export function BackLink() {
  const t = useWords();
  const room = useLastRoom();
  const label = room ? t("direct.back", { room: room.title }) : t("direct.all");
  return (
    <PageLink href={room?.path ?? "/direct"} aria-label={label} title={label} className="back-link">
      <Icon name="back" />
      <IsolatedText>{room?.title ?? t("direct.all")}</IsolatedText>
    </PageLink>
  );
}
