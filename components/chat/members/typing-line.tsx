import type { Member } from "../../../protocol/events";
import { Sentence } from "../../words/words";
import { MemberName } from "./member-name";

const sentences = ["typing.one", "typing.two", "typing.many"] as const;

/** Who else is typing. Its place is always there, so that nothing moves; and it is read when looked for, not announced. */
export function TypingLine({ typing }: { typing: readonly Member[] }) {
  const [name, other] = typing.map((member) => <MemberName key={member.id} member={member} />);
  const sentence = sentences[Math.min(typing.length, sentences.length) - 1];
  return (
    <p className="typing-line" aria-live="off">
      {sentence && <Sentence of={sentence} values={{ name, other }} />}
    </p>
  );
}
