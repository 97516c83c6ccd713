import type { KeyboardEvent } from "react";
import type { MessageEntry } from "../../protocol/events";
import { Icon } from "../ui/icon";
import { useWords } from "../words/words";
import type { ChatState } from "./chat-state";
import { FeedRow, type Removable } from "./feed-row";
import { type Row, rowsOf } from "./feed-rows";
import { FeedSkeleton } from "./feed-skeleton";
import type { MessageActions } from "./message-actions";
import { useAnnouncing } from "./use-announcing";
import type { useFeedScroll } from "./use-feed-scroll";

type Props = {
  state: ChatState;
  scroll: ReturnType<typeof useFeedScroll>;
  actions: MessageActions;
  removable: Removable;
};

export function MessageFeed({ state, scroll, actions, removable }: Props) {
  const t = useWords();
  const { feed, outbox, presence, link } = state;
  const { shown, seenSeq, isFollowing } = scroll;
  const isLoaded = feed.cursor !== undefined;
  const isLive = isLoaded && link.is === "live";
  const isAnnouncing = useAnnouncing(isLive, feed.lines[0]?.seq ?? 0, scroll.view);
  const self = presence.self?.id;
  const rows = rowsOf(shown.lines, shown.hasBelow ? [] : outbox, self);
  const messages = new Map(
    feed.lines.flatMap((line): [number, MessageEntry][] =>
      line.kind === "message" ? [[line.seq, line]] : [],
    ),
  );
  const newCount = isFollowing ? 0 : countNew(feed.lines, seenSeq, self);

  /** The button goes; what it led to has the focus. */
  function toLatest(): void {
    scroll.follow();
    scroll.scroller.current?.focus({ preventScroll: true });
  }

  return (
    <div className="feed">
      <div
        ref={scroll.scroller}
        onScroll={scroll.onScroll}
        onKeyDown={walk}
        role="log"
        aria-label={t("chat.messages")}
        aria-live={isAnnouncing ? "polite" : "off"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="feed-scroller"
      >
        {isLoaded ? (
          <ol className="feed-rows">
            {!feed.hasOlder && rows.every(isQuiet) && <li className="feed-quiet">{t("feed.empty")}</li>}
            {rows.map((row) => (
              <FeedRow
                key={row.key}
                row={row}
                actions={actions}
                removable={removable}
                quote={(seq) => messages.get(seq)}
              />
            ))}
          </ol>
        ) : (
          <FeedSkeleton />
        )}
      </div>
      {isLoaded && !isFollowing && (
        <button type="button" className="to-latest" onClick={toLatest}>
          <Icon name="down" />
          {newCount > 0 ? t("feed.new", { count: newCount }) : t("feed.latest")}
        </button>
      )}
    </div>
  );
}

const isQuiet = ({ kind }: Row): boolean => kind === "day" || kind === "notices";

const countNew = (lines: ChatState["feed"]["lines"], seenSeq: number, self: string | undefined): number =>
  lines.filter((line) => line.kind === "message" && line.seq > seenSeq && line.by.id !== self).length;

/** Up and Down go from message to message; the tools of the one that has the focus can then be reached by Tab. */
function walk(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("li[tabindex]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = event.key === "ArrowUp" ? (here < 0 ? rows.length : here) - 1 : here + 1;
  const row = rows[next];
  if (!row || (here < 0 && event.key === "ArrowDown")) return;
  event.preventDefault();
  row.focus();
}
