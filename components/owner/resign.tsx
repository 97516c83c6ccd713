import css from "../../styles/owner/resign.module.css";
import { refusalOf } from "../chat/client/refusal";
import { AskedTwice } from "../ui/asked-twice";
import { useWords } from "../words/words";
import type { OwnerClient } from "./owner-client";

type Props = { ask: OwnerClient["ask"]; onResigned: () => void };

/** The way out of the owner's role. */
export function Resign({ ask, onResigned }: Props) {
  const t = useWords();
  async function resign(): Promise<string | undefined> {
    const refusal = await refusalOf(ask("owner:resign", {}));
    if (refusal) return t("owner.notDone", { reason: t(`error.${refusal}`) });
    onResigned();
    return undefined;
  }
  return (
    <div className={css.resign}>
      <AskedTwice
        label={t("owner.resign")}
        question={t("owner.resignAsk")}
        yes={t("owner.resignYes")}
        no={t("me.cancel")}
        act={resign}
      />
    </div>
  );
}
