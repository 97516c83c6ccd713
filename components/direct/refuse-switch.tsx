import { useState } from "react";
import type { Refusal } from "../chat/refusal";
import { useWords } from "../words/words";
import type { ConversationsClient } from "./conversations-client";

type Props = { isOn: boolean; isKnown: boolean; refuse: ConversationsClient["refuse"] };

/** Whether strangers may begin a conversation. Those that are there go on. */
export function RefuseSwitch({ isOn, isKnown, refuse }: Props) {
  const t = useWords();
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function toggle(): Promise<void> {
    if (isAsking || !isKnown) return;
    setAsking(true);
    setRefusal(await refuse(!isOn));
    setAsking(false);
  }

  return (
    <div className="refuse-switch">
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          aria-checked={isOn}
          aria-disabled={isAsking || !isKnown}
          aria-describedby="refuse-note"
          onChange={toggle}
        />
        {t("direct.refuse")}
      </label>
      <p id="refuse-note" role="status">
        {refusal ? (
          <span className="text-alarm">{t("direct.failed", { reason: t(`error.${refusal}`) })}</span>
        ) : (
          t("direct.refuseNote")
        )}
      </p>
    </div>
  );
}
