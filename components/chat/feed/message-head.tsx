import type { Member } from "../../../protocol/events";
import { useLocale, useWords } from "../../words/words";
import { MemberName } from "../members/member-name";
import { momentOf, timeOf } from "./moments";

/**
 * Without `by` the message is the visitor's own. Only a group's first message shows its head; the others have it for
 * screen readers.
 */
type Props = { by?: Member; nameSuffix?: string | undefined; at: number; isShown: boolean };

/** The message's author and time. */
export function MessageHead({ by, nameSuffix, at, isShown }: Props) {
  const t = useWords();
  const locale = useLocale();
  return (
    // The key replaces the element as a whole, with the space between the two.
    <div key={`${by === undefined}`} className={isShown ? "message-head" : "visually-hidden"}>
      {/* Beside a hidden element a plain space is none, and a copy would read “you12:34”. */}
      {by ? <MemberName member={by} /> : <span className="visually-hidden">{`${t("chat.you")}\u00a0`}</span>}{" "}
      {nameSuffix && <span className="name-suffix">{nameSuffix} </span>}
      <time dateTime={new Date(at).toISOString()} title={momentOf(at, locale)}>
        {timeOf(at, locale)}
      </time>
    </div>
  );
}
