import { useWords } from "../words/words";

/** Shows whether a visitor is on this site now, as a dot and in words. */
export function OnlineMark({ online }: { online: boolean }) {
  const t = useWords();
  return (
    <span className={online ? "member-count" : "member-count away"}>
      {t(online ? "direct.online" : "direct.offline")}
    </span>
  );
}
