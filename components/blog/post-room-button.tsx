import type { MouseEvent } from "react";
import { MemberCount } from "../chat/members/member-count";
import { type Translate, useLocale, useWords } from "../words/words";
import type { RoomCount } from "./use-member-count";

type Props = {
  count: RoomCount | undefined;
  isOpen: boolean;
  onOpen: (event: MouseEvent<HTMLElement>) => void;
};

/** The button that opens the post's room, and how many visitors are in it. */
export function PostRoomButton({ count, isOpen, onOpen }: Props) {
  const t = useWords();
  return (
    <div lang={useLocale()} className="post-room-button">
      <button type="button" className="quiet-button" aria-expanded={isOpen} onClick={onOpen}>
        {t("post.open")}
      </button>
      {count?.memberCount === 0 && <span className="fine-print">{quietOf(count, t)}</span>}
      {count !== undefined && count.memberCount > 0 && <MemberCount count={count.memberCount} />}
    </div>
  );
}

/** For a room without members: how many messages there are to read. */
function quietOf({ messageCount = 0, hasMore }: RoomCount, t: Translate): string {
  if (messageCount === 0) return t("post.quiet");
  return t(hasMore ? "post.quietMore" : "post.quietCount", { count: messageCount });
}
