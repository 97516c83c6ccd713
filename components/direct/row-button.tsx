import type { Refusal } from "../chat/client/refusal";
import { useWords } from "../words/words";
import { RowRefusal, useRowAction } from "./row-action";

/** `name`: the partner in the button's row. */
type Props = { label: string; name: string; act: () => Promise<Refusal> };

/** Acts on one row of a list, which then disappears. */
export function RowButton({ label, name, act }: Props) {
  const t = useWords();
  const { refusal, run } = useRowAction(act);
  return (
    <>
      <button
        type="button"
        className="text-button row-button"
        aria-label={t("action.of", { action: label, name })}
        onClick={run}
      >
        {label}
      </button>
      <RowRefusal refusal={refusal} />
    </>
  );
}
