import { useEffect, useState } from "react";
import { useLocale, useWords } from "../words/words";
import { untilOf } from "./feed/moments";
import type { Link } from "./state/chat-state";

/** The longest time that a browser's timer can wait. */
const longestMs = 2 ** 31 - 1;

type Props = { link: Link; onOver: () => void };

/** Until when the visitor is banned, if that ends; then the page connects again by itself. */
export function BanNotice({ link, onOver }: Props) {
  const t = useWords();
  const locale = useLocale();
  const endsInMs = link.is === "refused" ? link.error.retryAfterMs : undefined;
  const [until] = useState(() => endsInMs !== undefined && Date.now() + endsInMs);

  useEffect(() => {
    if (endsInMs === undefined) return;
    const timer = setTimeout(onOver, Math.min(endsInMs, longestMs));
    return () => clearTimeout(timer);
  }, [endsInMs, onOver]);

  return until === false ? t("room.banned.text") : t("room.banned.until", { time: untilOf(until, locale) });
}
