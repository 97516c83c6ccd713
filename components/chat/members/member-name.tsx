import type { Member } from "../../../protocol/events";
import { IsolatedText, useWords } from "../../words/words";
import { withShownName } from "./shown-name";
import { tintOf } from "./tint";

/** A name in its visitor's tint. */
export function MemberName({ member }: { member: Member }) {
  const { name } = withShownName(member, useWords());
  return <IsolatedText className={`member-name tint-${tintOf(member.id)}`}>{name}</IsolatedText>;
}
