import type { Member } from "../../protocol/events";
import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";
import type { DirectClient } from "./direct-client";

type Props = { partner: Member; block: DirectClient["block"]; onEnd: () => void };

/** Asks for confirmation before it blocks the partner. */
export default function Blocking({ partner, block, onEnd }: Props) {
  const t = useWords();

  async function act(): Promise<string | undefined> {
    const refusal = await block(true);
    if (!refusal) onEnd();
    return refusal && t("direct.failed", { reason: t(`error.${refusal}`) });
  }

  return (
    <div className="room-closing">
      <Confirm
        question={t("direct.blockQuestion", { name: partner.name })}
        yes={t("direct.block")}
        no={t("direct.blockNo")}
        act={act}
        onNo={onEnd}
      />
    </div>
  );
}
