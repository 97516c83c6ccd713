import type { Member, Role } from "../../protocol/events";
import css from "../../styles/owner/visitor-name.module.css";
import { MemberName } from "../chat/members/member-name";
import { useWords } from "../words/words";
import { useName } from "./names";
import { visitorLink } from "./sections";
import { useStaff } from "./staff-context";

/** How much of an id tells two visitors apart at a glance. */
const shownOfId = 6;

/** A visitor of whom only the id is known, under its last name: a link to the view of that visitor. */
export function VisitorName({ id, role }: { id: string; role?: Role }) {
  const t = useWords();
  const { names } = useStaff();
  const name = useName(names, id);
  const stranger = `${t("owner.visitor.nameless")} ${id.slice(0, shownOfId)}`;
  return <VisitorLink member={{ id, name: name ?? stranger, ...(role && { role }) }} />;
}

/** A visitor's name as a link to the view of that visitor. */
export function VisitorLink({ member }: { member: Member }) {
  return (
    <a href={visitorLink(member.id)} className={css.name}>
      <MemberName member={member} />
    </a>
  );
}
