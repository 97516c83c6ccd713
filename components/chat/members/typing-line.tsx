import type { Member } from "../../../protocol/events";
import { Sentence } from "../../words/words";
import { MemberName } from "./member-name";

const sentences = ["typing.one", "typing.two", "typing.many"] as const;

/**
 * Who else is typing. The line always takes its space, so that nothing moves. Screen readers can read it, but do not
 * announce it.
 */
export function TypingLine({ typing }: { typing: readonly Member[] }) {
  const [name, other] = typing.map((member) => <MemberName key={member.id} member={member} />);
  const sentence = sentences[Math.min(typing.length, sentences.length) - 1];
  return (
    <p className="typing-line" aria-live="off">
      {sentence && <Sentence of={sentence} values={{ name, other }} />}
    </p>
  );
}
