import { useSyncExternalStore } from "react";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { ClaimForm } from "./claim-form";
import { codeIn } from "./transfer-link";

function watchHash(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/** Where a link from another device leads, and where its code can be typed. */
export function ClaimView() {
  const t = useWords();
  const hash = useSyncExternalStore(
    watchHash,
    () => location.hash,
    () => "",
  );
  return (
    <>
      <h1 className="page-title">{t("claim.title")}</h1>
      <p className="mt-3 max-w-2xl">{t("claim.text")}</p>
      <p className="mt-3 max-w-2xl text-faint">{t("claim.behind")}</p>
      <ClaimForm key={hash} given={codeIn(hash)} />
      <p className="me-aside mt-6">
        <PageLink href="/me">{t("claim.not")}</PageLink>
      </p>
    </>
  );
}
