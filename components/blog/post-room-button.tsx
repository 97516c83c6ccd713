import type { MouseEvent } from "react";
import { HereCount } from "../chat/members/here-count";
import { useLocale, useWords } from "../words/words";

type Props = { count: number | undefined; isOpen: boolean; onOpen: (event: MouseEvent<HTMLElement>) => void };

/** The button that opens the post's room, and how many visitors are in it. */
export function PostRoomButton({ count, isOpen, onOpen }: Props) {
  const t = useWords();
  return (
    <div lang={useLocale()} className="post-room-button">
      <button type="button" className="quiet-button" aria-expanded={isOpen} onClick={onOpen}>
        {t("post.open")}
      </button>
      {count === 0 && <span className="fine-print">{t("post.quiet")}</span>}
      {count !== undefined && count > 0 && <HereCount count={count} />}
    </div>
  );
}
