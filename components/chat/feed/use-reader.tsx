import { type MouseEvent, useCallback, useEffect, useState } from "react";
import type { Cursor, RoomId } from "../../../protocol/events";
import { usePart } from "../../ui/on-demand";
import type { ChatClient } from "../client/chat-client";
import { useLookedAt } from "../looked-at";
import type { HiddenVisitors } from "../members/hidden-visitors";
import { roomPath } from "../room-address";
import type { ChatState } from "../state/chat-state";
import { saveSeen, seenIn, useSeenUpTo } from "./saved-seen";
import { type Aim, useFeedScroll } from "./use-feed-scroll";

/** Where somebody wants to be; `end` is called when they are, or cannot be. */
export type Wish = Aim & { end?: () => void };

/** What came while one was not looking. `isMore`: not all of it is known; `isBack`: one has come back to it, and is not led there yet. */
export type News = { mark?: number | undefined; unseen: number; isMore: boolean; isBack: boolean };

const loadJump = () => import("./jump").then(({ Jump }) => Jump);
const loadNews = () => import("./unseen-news").then(({ UnseenNews }) => UnseenNews);

const isSeq = (hash: string): boolean => /^#\d+$/.test(hash);
const wishOf = (hash: string): Wish => ({ seq: Number(hash.slice(1)), at: "middle" });

/** Whose messages are told in one line, and whose are no news. */
type Unwanted = { hidden: HiddenVisitors; silent: HiddenVisitors };

/** Where one reads in a feed: at its newest lines, further back, at a message that an address names, at what is new. */
export function useReader(room: RoomId, state: ChatState, client: ChatClient, { hidden, silent }: Unwanted) {
  const { feed } = state;
  const scroll = useFeedScroll(feed, client, hidden);
  const { isFollowing } = scroll;
  const isVisible = useLookedAt();
  const [wish, setWish] = useState<Wish>();
  const [news, setNews] = useState<News>();
  const [sent, setSent] = useState(0);
  const [hasArrived, setArrived] = useState(false);
  /** What had been seen when one was not looking for the first time: the last visit, or a moment of this one. */
  const [since, setSince] = useState<Cursor | undefined>(() => seenIn(room));
  const Jump = usePart(loadJump, wish !== undefined);
  const UnseenNews = usePart(loadNews, since !== undefined);
  const isStuck = wish !== undefined && Jump === null;
  const isArriving =
    !hasArrived &&
    ((wish !== undefined && !isStuck) || (since !== undefined && !news && UnseenNews !== null));
  const seenAnywhere = useSeenUpTo(room, feed.cursor?.epoch);
  if (!since && feed.cursor && !(isFollowing && isVisible)) setSince(feed.cursor);
  if (!hasArrived && feed.cursor && !isArriving && !news?.isBack) setArrived(true);

  useEffect(() => {
    const follow = () => isSeq(location.hash) && setWish(wishOf(location.hash));
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  // The rows that take the skeleton's place may be fewer than a screen has, and nobody can scroll to what is above them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when there is something to look at
  useEffect(() => {
    if (!isArriving) scroll.onScroll();
  }, [isArriving]);

  const onSeen = useCallback((cursor: Cursor) => saveSeen(room, cursor), [room]);

  useEffect(() => {
    if (!since && feed.cursor) onSeen(feed.cursor);
  }, [since, feed.cursor, onSeen]);

  /** What is still being read for a jump leads nowhere. The address names no message, or a reload would lead back to it. */
  function toLatest(): void {
    wish?.end?.();
    setWish(undefined);
    if (isSeq(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    scroll.follow();
  }

  return {
    scroll,
    isArriving,
    seenAnywhere,
    mark: news?.mark,
    unseen: news?.unseen ?? 0,
    isMore: news?.isMore,
    /** What leads to a message did not come, and is asked for again. */
    isStuck,
    /** The same function as long as the component lives. */
    wish: setWish as (wish: Wish) => void,
    toLatest,
    /** Who writes has read. */
    wrote() {
      toLatest();
      setSent(sent + 1);
    },
    /** A link to a message of this room leads there, and not to another tab. */
    followLink(event: MouseEvent<HTMLElement>): void {
      const link = (event.target as Element).closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const isHere = link.pathname === roomPath(room) || link.pathname === location.pathname;
      if (link.origin !== location.origin || !isHere || !isSeq(link.hash)) return;
      event.preventDefault();
      if (location.hash === link.hash) setWish(wishOf(link.hash));
      else location.hash = link.hash;
    },
    parts: (
      <>
        {UnseenNews && since && (
          <UnseenNews
            state={state}
            hidden={silent}
            scroll={scroll}
            since={since}
            isVisible={isVisible}
            isElsewhere={wish !== undefined}
            sent={sent}
            shownMark={news?.mark}
            seenAnywhere={seenAnywhere}
            onSeen={onSeen}
            onNews={setNews}
            onWish={setWish}
          />
        )}
        {Jump && (
          <Jump
            feed={feed}
            client={client}
            wish={wish}
            show={scroll.jumpTo}
            onEnd={() => setWish(undefined)}
          />
        )}
      </>
    ),
  };
}
