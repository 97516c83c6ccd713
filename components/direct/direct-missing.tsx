import type { RoomId } from "../../protocol/events";
import { Missing } from "../chat/missing";
import { inTime } from "../rooms/ago";
import { PageLink } from "../ui/page-link";
import { useLocale, useWords } from "../words/words";
import type { NoConversation } from "./no-conversation";

/** Replaces a conversation that cannot be shown: the reason, and where to go from here. */
export function DirectMissing({ none, localRoom }: { none: NoConversation; localRoom: RoomId }) {
  const t = useWords();
  const locale = useLocale();
  const when = inTime("waitMs" in none ? none.waitMs : 0, locale);
  return (
    <Missing
      title={t(`direct.${none.why}.title`)}
      text={t(`direct.${none.why}.text`, { when })}
      room={localRoom}
    >
      <PageLink href="/direct">{t("direct.all")}</PageLink>
      <PageLink href="/chat">{t("room.toLobby")}</PageLink>
    </Missing>
  );
}
