import type { Member } from "../../../protocol/events";
import { useTextLanguage, useWords } from "../../words/words";
import { withShownName } from "./shown-name";
import { tintOf } from "./tint";

/** A name, isolated from the text around it, with its own direction and language. */
export function MemberName({ member }: { member: Member }) {
  const { name } = withShownName(member, useWords());
  return (
    <bdi dir="auto" lang={useTextLanguage(name)} className={`member-name tint-${tintOf(member.id)}`}>
      {name}
    </bdi>
  );
}
