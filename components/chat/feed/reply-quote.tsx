import type { MessageEntry } from "../../../protocol/events";
import { IsolatedText, Sentence, useWords } from "../../words/words";
import { MemberName } from "../members/member-name";
import { truncate } from "./truncate";

type Props = { seq: number; quoted: MessageEntry | undefined; onJump: (seq: number) => void };

const shownCharacters = 120;

/** The beginning of the message that is answered; a click jumps to it. */
export function ReplyQuote({ seq, quoted, onJump }: Props) {
  const t = useWords();
  return (
    <button type="button" className="reply-quote" onClick={() => onJump(seq)}>
      <span className="visually-hidden">{`${t("message.goTo")} `}</span>
      {quoted ? (
        <>
          <Sentence of="message.replyTo" values={{ name: <MemberName member={quoted.by} /> }} />
          <IsolatedText className="one-line">{truncate(quoted.text, shownCharacters)}</IsolatedText>
        </>
      ) : (
        t("message.replyGone")
      )}
    </button>
  );
}
