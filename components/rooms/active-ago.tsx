import { Sentence, useLocale, useWords } from "../words/words";
import { agoOf, isNow } from "./ago";

/** When a room's last entry was written: "active 5 minutes ago". */
export function ActiveAgo({ at, now }: { at: number; now: number }) {
  const t = useWords();
  const locale = useLocale();
  const dateTime = new Date(at).toISOString();
  if (isNow(at, now)) return <time dateTime={dateTime}>{t("rooms.activeNow")}</time>;
  const ago = <time dateTime={dateTime}>{agoOf(at, now, locale)}</time>;
  return (
    <span>
      <Sentence of="rooms.active" values={{ ago }} />
    </span>
  );
}
