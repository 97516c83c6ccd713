import { useEffect, useState } from "react";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { ClaimForm } from "./claim-form";
import { codeIn } from "./transfer-link";

/** The page to which a link from another device leads, and where its code can be typed. */
export function ClaimView() {
  const t = useWords();
  const given = useGivenCode();
  return (
    <>
      <h1 className="page-title">{t("claim.title")}</h1>
      <p className="claim-text">{t("claim.text")}</p>
      <p className="page-lead">{t("claim.behind")}</p>
      <ClaimForm key={given} given={given} />
      <p className="me-aside claim-not">
        <PageLink href="/me">{t("claim.not")}</PageLink>
      </p>
    </>
  );
}

/** The code of the last link: switching the language drops the fragment, but stays on this page. */
function useGivenCode(): string {
  const [given, setGiven] = useState("");
  useEffect(() => {
    const read = () => location.hash && setGiven(codeIn(location.hash));
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return given;
}
