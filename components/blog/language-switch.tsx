import { useRouter } from "next/router";
import { PageLink } from "../ui/page-link";
import { useLocale, useWords } from "../words/words";

/** Each language by its own name; a phone has room for the short one. */
const languages = [
  { locale: "en", short: "En", name: "English" },
  { locale: "ko", short: "한", name: "한국어" },
  { locale: "ja", short: "日", name: "日本語" },
] as const;

const yearSeconds = 365 * 24 * 60 * 60;

/** Next's own cookie: the language that `/` leads to from now on. */
const remember = (locale: string): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox ESR
  document.cookie = `NEXT_LOCALE=${locale}; path=/; max-age=${yearSeconds}; samesite=lax`;
};

export function LanguageSwitch() {
  const t = useWords();
  const current = useLocale();
  const { asPath, pathname } = useRouter();
  // The server renders neither query nor fragment, nor the address that was not found.
  const here = pathname === "/404" ? "/" : (asPath.split(/[?#]/)[0] ?? "/");
  return (
    <nav aria-label={t("nav.language")} className="flex">
      {languages.map(({ locale, short, name }) => (
        <PageLink
          key={locale}
          href={here}
          locale={locale}
          lang={locale}
          hrefLang={locale}
          aria-current={locale === current ? "true" : undefined}
          className="nav-link text-small"
          scroll={false}
          onClick={() => remember(locale)}
        >
          <span aria-hidden="true" className="sm:hidden">
            {short}
          </span>
          <span className="max-sm:sr-only">{name}</span>
        </PageLink>
      ))}
    </nav>
  );
}
