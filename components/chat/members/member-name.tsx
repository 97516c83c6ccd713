import type { Member } from "../../../protocol/events";
import { IsolatedText, useWords } from "../../words/words";
import { RoleMark } from "./role-mark";
import { withShownName } from "./shown-name";
import { tintOf } from "./tint";

/** A name in its visitor's tint, with the mark of a role that the visitor has. */
export function MemberName({ member }: { member: Member }) {
  const { name } = withShownName(member, useWords());
  const text = <IsolatedText className={`member-name tint-${tintOf(member.id)}`}>{name}</IsolatedText>;
  if (!member.role) return text;
  return (
    <span className="marked-name">
      {text}
      <RoleMark role={member.role} />
    </span>
  );
}
