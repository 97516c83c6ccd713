import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import type { Presence } from "../state/presence";
import type { OpenSheet } from "../visitor-sheet";
import { MemberList } from "./member-list";

export type MemberDrawerProps = {
  presence: Presence;
  readMore: ChatClient["readMembers"];
  moderate: OpenSheet | undefined;
  onClose: () => void;
};

/** The members, where the screen is too narrow to show them beside the room. */
export default function MemberDrawer({ presence, readMore, moderate, onClose }: MemberDrawerProps) {
  const t = useWords();
  return (
    <Dialog shape="drawer" title={t("chat.members")} closeLabel={t("chat.close")} onClose={onClose}>
      <MemberList
        self={presence.self}
        members={presence.members}
        count={presence.count}
        readMore={readMore}
        moderate={moderate}
      />
    </Dialog>
  );
}
