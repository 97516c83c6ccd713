import type { Member } from "../../protocol/events";
import { tintOf } from "./tint";

/** A name stays within its place, whichever way it is written. */
export function MemberName({ member }: { member: Member }) {
  return (
    <bdi dir="auto" className={`member-name ${tintOf(member.id)}`}>
      {member.name}
    </bdi>
  );
}
