import { useState } from "react";
import type { Refusal } from "../chat/client/refusal";
import { useWords } from "../words/words";

/** `name`: the partner in the button's row. */
type Props = { label: string; name: string; act: () => Promise<Refusal> };

/** Acts on one row of a list, which then disappears: the focus goes to the heading above the list. */
export function RowButton({ label, name, act }: Props) {
  const t = useWords();
  const [refusal, setRefusal] = useState<Refusal>();

  async function onClick(): Promise<void> {
    const refused = await act();
    setRefusal(refused);
    if (!refused) (document.getElementById("requests") ?? document.getElementById("conversations"))?.focus();
  }

  return (
    <>
      <button
        type="button"
        className="text-button row-button"
        aria-label={t("action.of", { action: label, name })}
        onClick={onClick}
      >
        {label}
      </button>
      {refusal && (
        <span role="alert" className="alarm">
          {t("direct.failed", { reason: t(`error.${refusal}`) })}
        </span>
      )}
    </>
  );
}
