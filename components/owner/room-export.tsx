import { useEffect, useState } from "react";
import type { ErrorCode, RoomId } from "../../protocol/events";
import css from "../../styles/owner/room-export.module.css";
import { useWords } from "../words/words";
import { useStaff } from "./staff-context";

type Links =
  | { is: "asking" }
  | { is: "ready"; page: string; lines: string }
  | { is: "failed"; code: ErrorCode };

/** Links to what a room keeps, as a page to read and as JSON lines. Each is good once. */
export function RoomExport({ room }: { room: RoomId }) {
  const t = useWords();
  const { ask } = useStaff();
  const [links, setLinks] = useState<Links>({ is: "asking" });
  useEffect(() => {
    const offer = () => ask("room:export", { room });
    void Promise.all([offer(), offer()]).then(([page, lines]) => {
      if (page?.ok && lines?.ok) setLinks({ is: "ready", page: `${page.url}?as=html`, lines: lines.url });
      else {
        const failed = page?.ok ? lines : page;
        const code = failed && !failed.ok ? failed.error.code : "unavailable";
        setLinks({ is: "failed", code });
      }
    });
  }, [ask, room]);
  if (links.is === "asking") return <p className={css.note}>{t("owner.loading")}</p>;
  if (links.is === "failed")
    return <p className="alarm">{t("owner.notDone", { reason: t(`error.${links.code}`) })}</p>;
  return (
    <div className={css.links}>
      <a href={links.page} target="_blank" rel="noopener" className="underlined-link">
        {t("owner.rooms.exportPage")}
      </a>
      <a href={links.lines} download={`${room}.jsonl`} className="underlined-link">
        {t("owner.rooms.exportLines")}
      </a>
      <p className={css.note}>{t("owner.rooms.exportNote")}</p>
    </div>
  );
}
