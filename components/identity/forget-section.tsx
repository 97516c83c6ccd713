import { AskedTwice } from "../ui/asked-twice";
import { useWords } from "../words/words";
import type { IdentityClient } from "./identity-client";
import { useProof } from "./use-proof";

type Props = Pick<IdentityClient, "forget"> & { handle: string | undefined };

/** Erases the visitor for good. */
export function ForgetSection({ forget, handle }: Props) {
  const t = useWords();
  const { prove, form } = useProof(handle);

  async function act(): Promise<string | undefined> {
    let isBegun = false;
    const why = await prove(t("forget.yes"), async (password) => {
      const answer = await forget(password);
      isBegun = !answer.ok && answer.error.code === "unavailable";
      return answer;
    });
    return isBegun ? t("forget.begun") : why;
  }

  return (
    <section aria-labelledby="forget-title" className="me-section">
      <h2 id="forget-title">{t("forget.title")}</h2>
      <p>{t("forget.text")}</p>
      <p className="me-aside">{t("forget.stays")}</p>
      {form || (
        <div className="me-actions">
          <AskedTwice
            label={t("forget.button")}
            question={t("forget.ask")}
            yes={t("forget.yes")}
            no={t("me.cancel")}
            act={act}
          />
        </div>
      )}
    </section>
  );
}
