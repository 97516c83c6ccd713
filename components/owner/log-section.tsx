import type { Act } from "../../protocol/events";
import css from "../../styles/owner/log-section.module.css";
import { useWords } from "../words/words";
import { ActLine } from "./act-line";
import { ListFrame } from "./list-frame";
import { useStaff } from "./staff-context";
import { useList } from "./use-list";

/** The acts of the owner and moderators, the newest first. */
export function LogSection() {
  const t = useWords();
  const { ask, acts } = useStaff();
  const { list, reload, readMore } = useList<Act>(async (before) => {
    const answer = await ask("owner:log", before === undefined ? {} : { before });
    return answer?.ok ? { ok: true, items: answer.acts, more: answer.more } : answer;
  }, acts);
  return (
    <>
      <p className={css.kept}>{t("owner.log.kept")}</p>
      <ListFrame
        list={list}
        none={t("owner.log.none")}
        label={t("owner.section.log")}
        onRetry={() => void reload()}
        onMore={() => void readMore()}
        keyOf={({ id }) => id}
      >
        {(act) => <ActLine act={act} />}
      </ListFrame>
    </>
  );
}
