import { useState } from "react";
import type { Refusal } from "../chat/client/refusal";
import { useWords } from "../words/words";

/** Runs an action after which its row disappears: the focus then goes to the heading above the list. */
export function useRowAction(act: () => Promise<Refusal>) {
  const [refusal, setRefusal] = useState<Refusal>();

  async function run(): Promise<void> {
    const refused = await act();
    setRefusal(refused);
    if (!refused) (document.getElementById("requests") ?? document.getElementById("conversations"))?.focus();
  }

  return { refusal, run };
}

/** Why the action failed. */
export function RowRefusal({ refusal }: { refusal: Refusal }) {
  const t = useWords();
  return (
    refusal && (
      <span role="alert" className="alarm">
        {t("direct.failed", { reason: t(`error.${refusal}`) })}
      </span>
    )
  );
}
