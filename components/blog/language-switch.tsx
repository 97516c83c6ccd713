import { useRouter } from "next/router";
import { type Locale, languageOf } from "../../protocol/locales";
import { PageLink } from "../ui/page-link";
import { useLocale, useWords } from "../words/words";

const yearSeconds = 365 * 24 * 60 * 60;

/** The language of addresses that name none, from now on (server/site/reader-language.ts). */
const remember = (locale: Locale): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox ESR
  document.cookie = `NEXT_LOCALE=${locale}; path=/; max-age=${yearSeconds}; samesite=lax`;
};

/** Nothing on a site in one language. */
export function LanguageSwitch() {
  const t = useWords();
  const current = useLocale();
  const { asPath, pathname, locales = [] } = useRouter();
  // The server renders without query, fragment, or the address that was not found.
  const here = pathname === "/404" ? "/" : (asPath.split(/[?#]/)[0] ?? "/");
  if (locales.length < 2) return null;
  return (
    <nav aria-label={t("nav.language")} className="language-switch">
      {(locales as Locale[]).map((locale) => (
        <PageLink
          key={locale}
          href={here}
          locale={locale}
          lang={locale}
          hrefLang={locale}
          aria-current={locale === current || undefined}
          className="nav-link"
          scroll={false}
          onClick={() => remember(locale)}
        >
          {languageOf[locale].name}
        </PageLink>
      ))}
    </nav>
  );
}
