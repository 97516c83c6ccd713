import { type ReactNode, useState } from "react";
import type { Member } from "../../../protocol/events";
import { Dialog } from "../../ui/dialog";
import { Sentence, useWords } from "../../words/words";
import { MemberName } from "../members/member-name";
import type { ActOutcome, Done } from "./acts";
import { type Moderating, ToolList } from "./tool-list";
import { UndoLine } from "./undo-line";

type Props = Moderating & {
  member: Member;
  opener: HTMLElement;
  onClose: () => void;
  /** Called when something was done. */
  onDone?: () => void;
  /** Below the tools. */
  children?: ReactNode;
};

/**
 * The tools of owner and moderators for one visitor: a sheet, and after an act a line that tells of it and can undo it.
 */
export function ToolsSheet({ member, opener, onClose, onDone, children, ...moderating }: Props) {
  const t = useWords();
  const [done, setDone] = useState<Done>();
  const [failed, setFailed] = useState<string>();

  async function run(act: Promise<ActOutcome>): Promise<string | undefined> {
    const outcome = await act;
    if (!("refusal" in outcome)) {
      setDone(outcome);
      onDone?.();
      return undefined;
    }
    const why = t("me.failed", { reason: t(`error.${outcome.refusal}`) });
    setFailed(why);
    return why;
  }

  if (done) return <UndoLine done={done} member={member} onEnd={onClose} />;
  return (
    <Dialog
      shape="sheet"
      beside={opener}
      title={<Sentence of="moderation.title" values={{ name: <MemberName member={member} /> }} />}
      closeLabel={t("chat.close")}
      onClose={onClose}
    >
      <ToolList {...moderating} member={member} run={run} />
      <p role="alert" className="alarm">
        {failed}
      </p>
      {children}
    </Dialog>
  );
}
