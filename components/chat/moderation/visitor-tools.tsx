import { PageLink } from "../../ui/page-link";
import { useWords } from "../../words/words";
import type { SheetProps } from "../visitor-sheet";
import { ToolsSheet } from "./tools-sheet";

/** The tools of owner and moderators for a visitor in the room, and the way to their own page. */
export default function VisitorTools({ target: { member }, opener, client, state, onClose }: SheetProps) {
  const t = useWords();
  return (
    <ToolsSheet
      member={member}
      opener={opener}
      ask={client.ask}
      role={state.presence.self?.role}
      room={state.room?.id}
      changed={() => void client.readMembers()}
      onClose={onClose}
    >
      <p className="fine-print">
        <PageLink href="/owner" className="underlined-link">
          {t("moderation.page")}
        </PageLink>
      </p>
    </ToolsSheet>
  );
}
