import { useWords } from "../words/words";

/** In the place of what has failed. What was being written, and what waits to be sent, is kept by the browser. */
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
