import type { Ack } from "../../protocol/events";
import { refusalOf } from "../chat/client/refusal";
import { useWords, type WordKey } from "../words/words";
import { useStaff } from "./staff-context";

/** Carries an act out, and tells its outcome at the foot of the page. Returns why it failed. */
export function useAct() {
  const t = useWords();
  const { say, refresh } = useStaff();
  return async (act: Promise<Ack | undefined>, done: WordKey): Promise<string | undefined> => {
    const refusal = await refusalOf(act);
    const why = refusal && t("owner.notDone", { reason: t(`error.${refusal}`) });
    say(why ?? t(done));
    if (!refusal) refresh();
    return why;
  };
}
