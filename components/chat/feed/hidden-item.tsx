import { useState } from "react";
import type { Member, MessageEntry } from "../../../protocol/events";
import { Sentence, useWords } from "../../words/words";
import { showAgain } from "../members/hidden-visitors";
import { MemberName } from "../members/member-name";
import { MessageText } from "./message-text";

/** Up to this many messages are rendered before they are unfolded, so that a search in the page finds them. */
const someMessages = 20;
/** A hidden visitor may write without end: this keeps the page light. */
const mostUnfolded = 100;

const sentences = ["hidden.one", "hidden.two", "hidden.many"] as const;

export type HiddenProps = { entries: readonly MessageEntry[] };

/** Messages of visitors whom this visitor has hidden, in one quiet line that is not announced. */
export default function HiddenItem({ entries }: HiddenProps) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  const unfolded = isOpen || entries.length <= someMessages ? entries.slice(-mostUnfolded) : [];
  const authors = [...new Map(entries.map(({ by }): [string, Member] => [by.id, by])).values()];
  const isAlone = authors.length === 1;
  const messages = t("hidden.messages", { count: entries.length });
  const [name, other] = authors.map((author) => <MemberName key={author.id} member={author} />);
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
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Sentence
            of={sentences[Math.min(authors.length, sentences.length) - 1] ?? "hidden.one"}
            values={{ messages, name, other }}
          />
        </summary>
        {isOpen && entries.length > mostUnfolded && <p>…</p>}
        {unfolded.map((entry) => (
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
