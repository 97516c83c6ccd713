import { useState } from "react";
import { Dialog } from "../../ui/dialog";
import { Sentence, useWords } from "../../words/words";
import { MemberName } from "../members/member-name";
import type { SheetProps } from "../visitor-sheet";
import type { ActOutcome, Done } from "./acts";
import { ToolList } from "./tool-list";
import { UndoLine } from "./undo-line";

/**
 * The tools of owner and moderators for one visitor: a sheet, and after an act one line that says what was done, with the
 * way back.
 */
export default function VisitorTools({ target: { member }, opener, client, state, onClose }: SheetProps) {
  const t = useWords();
  const [done, setDone] = useState<Done>();
  const [failed, setFailed] = useState<string>();

  async function run(act: Promise<ActOutcome>): Promise<string | undefined> {
    const outcome = await act;
    if (!("refusal" in outcome)) {
      setDone(outcome);
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
      <ToolList member={member} client={client} state={state} run={run} />
      <p role="alert" className="alarm">
        {failed}
      </p>
    </Dialog>
  );
}
