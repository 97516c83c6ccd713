import type { MouseEvent, ReactNode } from "react";
import type { RoomId } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { IsolatedText, useWords } from "../words/words";
import { CopyButton } from "./copy-button";
import { MemberCount } from "./members/member-count";
import { roomAddress } from "./room-address";

type Props = {
  room: RoomId;
  title: string | undefined;
  /** The path of the post that is talked about here. */
  article: string | undefined;
  /** How many members are here, once that is known. */
  count: number | undefined;
  isLive: boolean;
  isPart: boolean;
  isOver: boolean;
  onShowMembers: (event: MouseEvent<HTMLElement>) => void;
  children: ReactNode;
};

/**
 * The room's header. On the room's own page its title is the page's heading; in another page it stands below that
 * page's.
 */
export function RoomBar({ room, title, article, isPart, ...props }: Props) {
  const { count, isLive, isOver, onShowMembers, children } = props;
  const t = useWords();
  const Heading = isPart ? "h2" : "h1";
  return (
    <div className="room-bar">
      <div className="room-heading">
        <Heading className="room-title">
          {title === undefined ? (
            <>
              <span className="visually-hidden">{t("room.title")}</span>
              <span aria-hidden="true" className="title-skeleton" />
            </>
          ) : (
            <IsolatedText title={title}>{title}</IsolatedText>
          )}
        </Heading>
        {article && (
          <PageLink href={article} className="rooms-link">
            {t("room.article")}
          </PageLink>
        )}
        {!isPart && !article && (
          <PageLink href="/rooms" className="rooms-link rooms-link-spare">
            {t("room.all")}
          </PageLink>
        )}
        {!isOver && (
          <button type="button" className="members-button" onClick={onShowMembers}>
            {count !== undefined && <MemberCount count={count} isCurrent={isLive} />}
          </button>
        )}
      </div>
      <CopyButton label={t("room.share")} doneLabel={t("room.shared")} text={() => roomAddress(room)} />
      {children}
    </div>
  );
}
