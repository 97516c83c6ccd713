import { useEffect, useState } from "react";
import { useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import { placeOf } from "../state/excerpt";
import type { Feed } from "../state/feed";
import type { Aim } from "./use-feed-scroll";
import type { Wish } from "./use-reader";

type Props = {
  feed: Feed;
  client: ChatClient;
  wish: Wish | undefined;
  show(aim: Aim): void;
  onEnd(): void;
};

const sayingMs = 6_000;

/** Jumps to a message, after reading the page around it if need be, and says so when it cannot. */
export function Jump({ feed, client, wish, show, onEnd }: Props) {
  const t = useWords();
  const [why, setWhy] = useState<"gone" | "none" | "failed">();
  const isLoaded = feed.cursor !== undefined;
  const place = wish && isLoaded ? placeOf(feed, wish.seq) : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each wish, and again when the place has been read
  useEffect(() => {
    if (!wish || !place) return;
    const end = (reason?: typeof why) => {
      setWhy(wish.at === "middle" ? reason : undefined);
      onEnd();
      wish.end?.();
    };
    if (place === "unread") {
      let isStale = false;
      const failed = () => "failed" as const;
      client
        .readAround(wish.seq)
        .catch(failed)
        .then((outcome) => isStale || outcome === "read" || end(outcome));
      return () => {
        isStale = true;
      };
    }
    // The divider needs only a number, even one that belongs to no message.
    if (place === "here" || wish.at === "divider") show(wish);
    end(place === "here" ? undefined : place);
  }, [wish, place]);

  useEffect(() => {
    const timer = why && setTimeout(() => setWhy(undefined), sayingMs);
    return () => clearTimeout(timer);
  }, [why]);

  return (
    <p role="status" className="feed-saying">
      {why && <span className="saying">{t(`jump.${why}`)}</span>}
    </p>
  );
}
