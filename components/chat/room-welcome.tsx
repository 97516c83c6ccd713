import { useEffect, useState } from "react";
import type { Room } from "../../protocol/events";
import { useLocale, useWords } from "../words/words";
import { localStore } from "./client/storage";
import { ruleSentences } from "./composer/rule-sentences";
import { MessageText } from "./feed/message-text";

const putAwayKey = "madang:welcome";
/** Only the texts put away last are kept. */
const mostTexts = 50;

/** A text put away is remembered by this: the same words in another room are another text. */
function markOf({ id, rules }: Room): string {
  const text = rules?.welcome;
  // How long messages are kept is the same in all rooms.
  if (!text) return "kept";
  let hash = 0;
  for (const character of `${id} ${text}`) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}

const putAway = (): string[] => localStore.get(putAwayKey)?.split(" ") ?? [];

/** The room's welcome with its rules, above the feed until the visitor puts it away. */
export default function RoomWelcome({ room }: { room: Room }) {
  const t = useWords();
  const locale = useLocale();
  const mark = markOf(room);
  const [marks, setMarks] = useState(putAway);
  const isShown = !marks.includes(mark);
  const kept = useKeptTime(isShown);
  const { welcome, ...rules } = room.rules ?? {};
  if (!isShown || (!welcome && !kept)) return null;

  function close(): void {
    const all = [...putAway(), mark].slice(-mostTexts);
    localStore.set(putAwayKey, all.join(" "));
    setMarks(all);
    document.querySelector<HTMLElement>(".feed-scroller")?.focus({ preventScroll: true });
  }

  return (
    <section aria-label={t("welcome.title")} className="room-welcome">
      <div className="room-welcome-text">
        {welcome && <MessageText text={welcome} />}
        {ruleSentences(rules, t, locale).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {kept && <p className="fine-print">{t("welcome.kept", kept)}</p>}
      </div>
      <button type="button" className="text-button" onClick={close}>
        {t("welcome.close")}
      </button>
    </section>
  );
}

type KeptTime = { limit: number; days: number };

/** How much a room keeps, and for how long (H-7). */
function useKeptTime(isWanted: boolean): KeptTime | undefined {
  const [kept, setKept] = useState<KeptTime>();
  useEffect(() => {
    if (!isWanted) return;
    const asking = new AbortController();
    fetch("/api/history", { signal: asking.signal })
      .then((answer) => (answer.ok ? answer.json() : undefined))
      .then(setKept)
      // Without an answer the line is left out.
      .catch(() => {});
    return () => asking.abort();
  }, [isWanted]);
  return kept;
}
