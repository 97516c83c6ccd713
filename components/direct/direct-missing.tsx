import type { RoomId } from "../../protocol/events";
import { Missing } from "../chat/missing";
import { TimeLeft } from "../rooms/time-left";
import { PageLink } from "../ui/page-link";
import { Sentence, useWords } from "../words/words";
import type { NoConversation } from "./no-conversation";

/** Replaces a conversation that cannot be shown: the reason, and where to go from here. */
export function DirectMissing({ none, localRoom }: { none: NoConversation; localRoom?: RoomId }) {
  const t = useWords();
  const text =
    "waitMs" in none ? (
      <Sentence of={`direct.${none.why}.text`} values={{ when: <TimeLeft ms={none.waitMs} /> }} />
    ) : (
      t(`direct.${none.why}.text`)
    );
  return (
    <Missing title={t(`direct.${none.why}.title`)} text={text} room={localRoom}>
      <PageLink href="/direct">{t("direct.all")}</PageLink>
      <PageLink href="/chat">{t("room.toLobby")}</PageLink>
    </Missing>
  );
}
