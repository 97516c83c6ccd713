import { Confirm } from "../ui/confirm";
import { useWords } from "../words/words";
import type { ChatClient } from "./client/chat-client";

type Props = { close: ChatClient["closeRoom"]; onEnd: () => void };

/** Asks the owner to confirm the end of the room. Every member's page then shows it, this one too. */
export default function RoomClosing({ close, onEnd }: Props) {
  const t = useWords();

  async function act(): Promise<string | undefined> {
    const refusal = await close();
    return refusal && t("room.closeFailed", { reason: t(`error.${refusal}`) });
  }

  return (
    <div className="room-closing">
      <Confirm
        question={t("room.closeAsk")}
        yes={t("room.close")}
        no={t("room.keep")}
        act={act}
        onNo={onEnd}
      />
    </div>
  );
}
