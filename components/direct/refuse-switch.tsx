import { useState } from "react";
import type { Refusal } from "../chat/client/refusal";
import { Switch } from "../ui/switch";
import { useWords } from "../words/words";
import type { ConversationsClient } from "./conversations-client";

type Props = { isOn: boolean; refuse: ConversationsClient["refuse"] };

/** Whether strangers may start a conversation. Existing ones go on. */
export function RefuseSwitch({ isOn, refuse }: Props) {
  const t = useWords();
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function toggle(): Promise<void> {
    setAsking(true);
    setRefusal(await refuse(!isOn));
    setAsking(false);
  }

  return (
    <div className="refuse-switch">
      <Switch
        label={t("direct.refuse")}
        isOn={isOn}
        isDisabled={isAsking}
        onToggle={toggle}
        note={
          refusal ? (
            <span className="alarm">{t("direct.failed", { reason: t(`error.${refusal}`) })}</span>
          ) : (
            t("direct.refuseNote")
          )
        }
      />
    </div>
  );
}
