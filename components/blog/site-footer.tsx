import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";

/** Ends the pages that are there to be read. */
export function SiteFooter() {
  const t = useWords();
  return (
    <footer className="site-footer fine-print">
      <PageLink href="/privacy" className="underlined-link">
        {t("nav.privacy")}
      </PageLink>
    </footer>
  );
}
