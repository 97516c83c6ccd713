import { momentOf, timeOf } from "../chat/feed/moments";
import { agoOf, isNow } from "../rooms/ago";
import { useLocale, useWords } from "../words/words";

const dayMs = 86_400_000;

/** A moment of the last day as it passed, an earlier one by its date. */
export function Moment({ at }: { at: number }) {
  const t = useWords();
  const locale = useLocale();
  const now = Date.now();
  const ago = isNow(at, now) ? t("owner.justNow") : agoOf(at, now, locale);
  return (
    <time dateTime={new Date(at).toISOString()} title={momentOf(at, locale)}>
      {now - at < dayMs ? ago : momentOf(at, locale)}
    </time>
  );
}

/** The time of day, for lines that follow each other. */
export function TimeOfDay({ at }: { at: number }) {
  const locale = useLocale();
  return (
    <time dateTime={new Date(at).toISOString()} title={momentOf(at, locale)}>
      {timeOf(at, locale)}
    </time>
  );
}
