import { useEffect, useState } from "react";
import { useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import { locate, otherNumber } from "../state/excerpt";
import type { Feed } from "../state/feed";
import { shownAt } from "./bring-into-view";
import type { JumpTarget } from "./jump-target";
import type { Shown } from "./use-feed-scroll";

type Props = {
  feed: Feed;
  client: ChatClient;
  target: JumpTarget | undefined;
  show(what: Shown): void;
  /** Changes the target, or ends the jump. */
  aim(target: JumpTarget | undefined): void;
};

const sayingMs = 6_000;

/** Jumps to a message, after reading the page around it if need be, and says so when it cannot. */
export default function Jump({ feed, client, target, show, aim }: Props) {
  const t = useWords();
  const [why, setWhy] = useState<"gone" | "none" | "failed">();
  const isLoaded = feed.cursor !== undefined;
  const where = target && isLoaded ? locate(feed, target.seq) : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each target, and again when the place has been read
  useEffect(() => {
    if (!target || !where) return;
    const end = (reason?: typeof why) => {
      setWhy(target.at === "middle" ? reason : undefined);
      aim(undefined);
      target.end?.();
    };
    if (where === "unread") {
      let isStale = false;
      const failed = () => "failed" as const;
      client
        .readAround(target.seq)
        .catch(failed)
        .then((outcome) => isStale || outcome === "read" || end(outcome));
      return () => {
        isStale = true;
      };
    }
    const other = target.at === "middle" ? otherNumber(feed, target.seq) : undefined;
    if (other !== undefined) return aim({ ...target, seq: other });
    // The divider needs only a number, even one that belongs to no message.
    if (where === "here" || target.at === "divider") show(shownAt(target));
    end(where === "here" ? undefined : where);
  }, [target, where]);

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
