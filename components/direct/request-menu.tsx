import type { Conversation } from "../../protocol/events";
import { MoreMenu } from "../ui/more-menu";
import { useWords } from "../words/words";
import type { ConversationsClient } from "./conversations-client";
import { RowRefusal, useRowAction } from "./row-action";

type Props = { request: Conversation; name: string; block: ConversationsClient["block"] };

/** The rarely used answers to a request. */
export function RequestMenu({ request, name, block }: Props) {
  const t = useWords();
  const { refusal, run } = useRowAction(() => block(request));
  return (
    <>
      <MoreMenu
        label={t("action.of", { action: t("room.more"), name })}
        items={[{ label: t("direct.block"), onChoose: run }]}
      />
      <RowRefusal refusal={refusal} />
    </>
  );
}
