import type { Role } from "../../../protocol/events";
import { Icon } from "../../ui/icon";
import { useWords } from "../../words/words";

/** The shield of the owner and moderators. It is an element of the page, beside the name: no name or text can draw it. */
export function RoleMark({ role }: { role: Role }) {
  const label = useWords()(`role.${role}`);
  return (
    <span title={label} className={`role-mark role-${role}`}>
      <Icon name="shield" />
      <span className="visually-hidden">{` (${label})`}</span>
    </span>
  );
}
