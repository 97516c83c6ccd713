import type { Sanction } from "../../protocol/events";
import { useWords } from "../words/words";
import { ListFrame } from "./list-frame";
import { SanctionItem } from "./sanction-item";
import { useStaff } from "./staff-context";
import { useList } from "./use-list";

/** The sanctions that hold, the newest first. */
export function SanctionsSection() {
  const t = useWords();
  const { ask, acts } = useStaff();
  const { list, reload, readMore, drop } = useList<Sanction>(async (before) => {
    const answer = await ask("sanction:list", before === undefined ? {} : { before });
    return answer?.ok ? { ok: true, items: answer.sanctions, more: answer.more } : answer;
  }, acts);
  return (
    <ListFrame
      list={list}
      none={t("owner.sanctions.none")}
      label={t("owner.section.sanctions")}
      onRetry={() => void reload()}
      onMore={() => void readMore()}
      keyOf={({ id }) => id}
    >
      {(sanction) => (
        <SanctionItem sanction={sanction} hasName onLifted={() => drop(({ id }) => id === sanction.id)} />
      )}
    </ListFrame>
  );
}
