import type { Member } from "../../../protocol/events";
import { useLocale, useWords } from "../../words/words";
import { MemberName } from "../members/member-name";
import { momentOf, timeOf } from "./moments";

/** `by`: nobody is oneself. Only a group's first message shows its head; the others have it for those who listen. */
type Props = { by?: Member; mark?: string | undefined; at: number; isShown: boolean };

/** Whose message it is, and when it was said. */
export function MessageHead({ by, mark, at, isShown }: Props) {
  const t = useWords();
  const locale = useLocale();
  return (
    // Replaced as a whole, with the space between the two.
    <div key={`${by === undefined}`} className={isShown ? "message-head" : "sr-only"}>
      {by ? <MemberName member={by} /> : <span className="sr-only">{t("chat.you")}</span>}{" "}
      {mark && <span className="name-mark">{mark} </span>}
      <time dateTime={new Date(at).toISOString()} title={momentOf(at, locale)}>
        {timeOf(at, locale)}
      </time>
    </div>
  );
}
