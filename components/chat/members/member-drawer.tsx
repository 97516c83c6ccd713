import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words/words";
import type { Presence } from "../state/presence";
import { MemberList } from "./member-list";

/** The members, where the screen is too narrow to show them beside the room. */
export default function MemberDrawer({ presence, onClose }: { presence: Presence; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog shape="drawer" title={t("chat.members")} closeLabel={t("chat.close")} onClose={onClose}>
      <MemberList self={presence.self} members={presence.members} count={presence.count} />
    </Dialog>
  );
}
