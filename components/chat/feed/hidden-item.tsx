import type { Member, MessageEntry } from "../../../protocol/events";
import { useWords } from "../../words/words";
import { showAgain } from "../members/hidden-visitors";
import { MemberName } from "../members/member-name";
import { MessageText } from "./message-text";

/** Messages of visitors that their reader has hidden, in one quiet line that nobody announces. */
export function HiddenItem({ entries }: { entries: readonly MessageEntry[] }) {
  const t = useWords();
  const authors = [...new Map(entries.map(({ by }): [string, Member] => [by.id, by])).values()];
  const isAlone = authors.length === 1;
  const waysBack = authors.map(({ id, name }) => (
    <button
      key={id}
      type="button"
      aria-label={t("hidden.showOf", { name })}
      className="talk-link"
      onClick={() => showAgain(id)}
    >
      {isAlone ? t("hidden.show") : t("hidden.showOf", { name })}
    </button>
  ));
  return (
    <li data-seq={entries.at(-1)?.seq} tabIndex={-1} aria-live="off" className="notices hidden-messages">
      {entries.map(({ seq }) => (
        // Where a link or a quote leads.
        <span key={seq} id={`${seq}`} />
      ))}
      <details>
        <summary>{t("hidden.messages", { count: entries.length })}</summary>
        {entries.map((entry) => (
          <div key={entry.seq}>
            <MemberName member={entry.by} />
            <MessageText text={entry.text} />
          </div>
        ))}
        {!isAlone && waysBack}
      </details>
      {isAlone && waysBack}
    </li>
  );
}
