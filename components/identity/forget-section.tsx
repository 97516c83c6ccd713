import { AskedTwice } from "../ui/asked-twice";
import { useWords } from "../words/words";
import type { IdentityClient } from "./identity-client";
import { useSaying } from "./use-saying";

/** The way out, for good. */
export function ForgetSection({ forget }: Pick<IdentityClient, "forget">) {
  const t = useWords();
  const say = useSaying();

  async function act(): Promise<string | undefined> {
    const answer = await forget();
    if (answer.ok) return undefined;
    return answer.error.code === "unavailable" ? t("forget.begun") : say.error(answer.error);
  }

  return (
    <section aria-labelledby="forget-title" className="me-section">
      <h2 id="forget-title">{t("forget.title")}</h2>
      <p>{t("forget.text")}</p>
      <p className="me-aside">{t("forget.stays")}</p>
      <div className="me-actions">
        <AskedTwice
          label={t("forget.button")}
          question={t("forget.ask")}
          yes={t("forget.yes")}
          no={t("me.cancel")}
          act={act}
        />
      </div>
    </section>
  );
}
