import { useEffect, useRef, useState } from "react";
import css from "../../styles/owner/live-section.module.css";
import { useWords } from "../words/words";
import { LineItem } from "./line-item";
import { emptyFeed, isRemoved, type LiveFeed, lineKey, withLines } from "./live-feed";
import { useStaff } from "./staff-context";

/** How often the page asks for new lines. */
const everyMs = 2_000;

/** The messages of all public rooms, the newest first, with the tools. */
export function LiveSection() {
  const t = useWords();
  const { acts } = useStaff();
  const [isPaused, setPaused] = useState(false);
  const feed = useLiveFeed(isPaused, acts);
  const lines = feed?.lines.filter((line) => !isRemoved(feed, line)).toReversed();
  return (
    <>
      <div className={css.head}>
        <p>{t("owner.live.lead")}</p>
        <button type="button" className="quiet-button" onClick={() => setPaused(!isPaused)}>
          {t(isPaused ? "owner.live.resume" : "owner.live.pause")}
        </button>
      </div>
      {lines === undefined && <p className={css.quiet}>{t("owner.loading")}</p>}
      {lines?.length === 0 && <p className={css.quiet}>{t("owner.live.none")}</p>}
      {lines !== undefined && lines.length > 0 && (
        <ul aria-label={t("owner.live.log")} className={css.lines}>
          {lines.map((line) => (
            <LineItem key={lineKey(line)} line={line} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Asks while the page is looked at; undefined until the first answer. */
function useLiveFeed(isPaused: boolean, acts: number): LiveFeed | undefined {
  const { ask } = useStaff();
  const [feed, setFeed] = useState<LiveFeed>();
  const since = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after an act the feed is read at once
  useEffect(() => {
    if (isPaused) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    async function read(): Promise<void> {
      if (document.visibilityState === "visible") {
        const from = since.current;
        const answer = await ask("owner:feed", from === undefined ? {} : { since: from });
        if (isOver) return;
        if (answer?.ok) setFeed((known = emptyFeed) => withLines(known, answer.lines));
      }
      timer = setTimeout(read, everyMs);
    }
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [ask, isPaused, acts]);
  since.current = feed?.since;
  return feed;
}
