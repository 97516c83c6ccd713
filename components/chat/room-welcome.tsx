import { useEffect, useLayoutEffect, useState } from "react";
import type { Room } from "../../protocol/events";
import { useWords } from "../words/words";
import { localStore } from "./client/storage";
import { MessageText } from "./feed/message-text";

const putAwayKey = "madang:welcome";
/** Only the texts put away last are kept. */
const mostTexts = 50;

/** A text put away is remembered by this: the same words in another room are another text. */
function markOf({ id, rules }: Room): string {
  const text = rules?.welcome;
  // How long messages are kept is the same in all rooms.
  if (!text) return keptMark;
  let hash = 0;
  for (const character of `${id} ${text}`) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}

function remember(mark: string): string[] {
  const all = [...putAway().filter((other) => other !== mark), mark].slice(-mostTexts);
  localStore.set(putAwayKey, all.join(" "));
  return all;
}

/** In a room without a welcome of its own a newcomer reads it on the first visit. */
const keptMark = "kept";

const putAway = (): string[] => localStore.get(putAwayKey)?.split(" ") ?? [];

type Props = {
  room: Room;
  /** Called when it has appeared or gone, before that is painted. */
  onResize: () => void;
};

/**
 * The room's welcome, over the top of the feed until the visitor puts it away. What the room's rules ask stands at the message box,
 * for as long as they hold (writing-note.tsx).
 */
export default function RoomWelcome({ room, onResize }: Props) {
  const t = useWords();
  const mark = markOf(room);
  const [marks, setMarks] = useState(putAway);
  const isShown = !marks.includes(mark);
  const kept = useKeptTime(isShown);
  const welcome = room.rules?.welcome;
  const isThere = isShown && (welcome !== undefined || kept !== undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the feed has more or less space
  useLayoutEffect(onResize, [isThere]);

  useEffect(() => {
    if (isThere && mark === keptMark) remember(mark);
  }, [isThere, mark]);

  function close(): void {
    setMarks(remember(mark));
    document.querySelector<HTMLElement>(".feed-scroller")?.focus({ preventScroll: true });
  }

  if (!isThere) return null;

  return (
    <section aria-label={t("welcome.title")} className="room-welcome">
      <div className="room-welcome-bar">
        <div className="room-welcome-text">
          {welcome && <MessageText text={welcome} />}
          {kept && <p className="fine-print">{t("welcome.kept", { limit: kept.limit, count: kept.days })}</p>}
        </div>
        <button type="button" className="text-button" onClick={close}>
          {t("welcome.close")}
        </button>
      </div>
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
