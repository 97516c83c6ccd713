import type { RoomId } from "../../protocol/events";
import { momentOf, untilOf } from "../chat/feed/moments";
import { useLocale, useWords } from "../words/words";
import { RoomName } from "./room-name";

/** Where a sanction holds. */
export function Place({ room }: { room: RoomId | undefined }) {
  const t = useWords();
  return room === undefined ? <span>{t("owner.sanctions.everywhere")}</span> : <RoomName room={room} />;
}

/** Until when it holds, or held. */
export function Ending({ until }: { until: number | undefined }) {
  const t = useWords();
  const locale = useLocale();
  if (until === undefined) return <span>{t("owner.sanctions.forGood")}</span>;
  return (
    <span title={momentOf(until, locale)}>
      {t("owner.sanctions.until", { time: untilOf(until, locale) })}
    </span>
  );
}
