import type { Member } from "../../../protocol/events";
import { useWords } from "../../words/words";
import { withShownName } from "./shown-name";
import { tintOf } from "./tint";

/** A name, isolated from the text around it, whichever direction it is written in. */
export function MemberName({ member }: { member: Member }) {
  return (
    <bdi dir="auto" className={`member-name tint-${tintOf(member.id)}`}>
      {withShownName(member, useWords()).name}
    </bdi>
  );
}
