import { useWords } from "../words/words";

/** Replaces a part that has failed. The browser keeps the draft and the unsent messages. */
export function Broken() {
  const t = useWords();
  return (
    <div role="alert" className="broken">
      <p className="broken-title">{t("broken.title")}</p>
      <p>{t("broken.text")}</p>
      <button type="button" className="pill-button" onClick={() => location.reload()}>
        {t("broken.reload")}
      </button>
    </div>
  );
}
