import type { Conversation } from "../../protocol/events";
import { useHidden } from "../chat/members/hidden-visitors";
import { MemberName } from "../chat/members/member-name";
import { withShownName } from "../chat/members/shown-name";
import { directPath } from "../chat/room-address";
import { ActiveAgo } from "../rooms/active-ago";
import { ListSkeleton } from "../rooms/list-skeleton";
import { PageLink } from "../ui/page-link";
import { useTextLanguage, useWords } from "../words/words";
import type { ConversationsClient, ConversationsState } from "./conversations-client";
import { OnlineMark } from "./online-mark";
import { RowButton } from "./row-button";

type Props = {
  state: ConversationsState;
  now: number;
  labelledBy: string;
  drop: ConversationsClient["drop"];
};

export const ConversationList = (props: Props) => (
  <div className="conversations">
    <Conversations {...props} />
  </div>
);

function Conversations({ state: { conversations, blocked }, now, labelledBy, drop }: Props) {
  const t = useWords();
  if (!conversations) return <ListSkeleton label={t("direct.loading")} rows={1} />;
  if (conversations.length === 0) return <p className="rooms-empty">{t("direct.empty")}</p>;
  return (
    <ul aria-labelledby={labelledBy} className="rooms">
      {conversations.map((conversation) => (
        <ConversationItem
          key={conversation.room.id}
          conversation={conversation}
          isBlocked={blocked.includes(conversation.partner.id)}
          now={now}
          drop={drop}
        />
      ))}
    </ul>
  );
}

type ItemProps = Pick<Props, "now" | "drop"> & { conversation: Conversation; isBlocked: boolean };

/**
 * The whole row is the link, but only the partner's name is its accessible name. The words of a visitor who is hidden or
 * blocked are read in the conversation only.
 */
function ConversationItem({ conversation, isBlocked, now, drop }: ItemProps) {
  const { room, lastEntryAt, unread, text = "" } = conversation;
  const t = useWords();
  const partner = withShownName(conversation.partner, t);
  const lang = useTextLanguage(text);
  const isSilent = useHidden().has(partner.id) || isBlocked;
  return (
    <li className="room-row conversation-row">
      <span className="room-row-head">
        <PageLink href={directPath(partner.id)} className="room-link">
          <MemberName member={partner} />
        </PageLink>
        {unread > 0 && <span className="unread-count">{t("direct.unread", { count: unread })}</span>}
      </span>
      {text && !isSilent && (
        <p dir="auto" lang={lang} className="conversation-text">
          {text}
        </p>
      )}
      <span className="room-facts">
        {isBlocked ? <span>{t("direct.blocked")}</span> : <OnlineMark online={partner.online} />}
        <ActiveAgo at={lastEntryAt} now={now} />
        <RowButton label={t("direct.drop")} name={partner.name} act={() => drop(room.id)} />
      </span>
    </li>
  );
}
