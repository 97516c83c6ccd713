import { useEffect, useState } from "react";
import type { ChatClient } from "./chat-client";
import type { ChatState } from "./chat-state";

type Jump = { to: number; pages: number };

/** Further back than this many pages is another visit's reading. */
const maxPages = 20;

const seqOfAddress = (): number | undefined =>
  /^#[1-9]\d{0,15}$/.test(location.hash) ? Number(location.hash.slice(1)) : undefined;

/** Goes to a message, and reads back to it first if need be; the address's `#seq` is the first such wish. */
export function useJump({ feed }: ChatState, client: ChatClient, jumpTo: (seq: number) => void) {
  const [wish, setWish] = useState<Jump>();

  useEffect(() => {
    const follow = () => {
      const to = seqOfAddress();
      if (to !== undefined) setWish({ to, pages: 0 });
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  const isReached = wish !== undefined && feed.lines.some((line) => line.seq === wish.to);
  const canReadOn = wish !== undefined && wish.pages < maxPages && feed.hasOlder;

  // biome-ignore lint/correctness/useExhaustiveDependencies: every page read is a new occasion
  useEffect(() => {
    if (!wish || !feed.cursor) return;
    if (isReached) jumpTo(wish.to);
    if (isReached || !canReadOn) return setWish(undefined);
    let isStale = false;
    client.readOlder().then(() => isStale || setWish({ ...wish, pages: wish.pages + 1 }));
    return () => {
      isStale = true;
    };
  }, [wish, feed.cursor === undefined]);

  return (to: number) => setWish({ to, pages: 0 });
}
