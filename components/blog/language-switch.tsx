import Link from "next/link";
import { useRouter } from "next/router";
import { useLocale, useWords } from "../words/words";

/** What stays visible on a phone, and the rest of each language's own name. */
const languages = [
  { locale: "en", short: "En", rest: "glish" },
  { locale: "ko", short: "한", rest: "국어" },
  { locale: "ja", short: "日", rest: "本語" },
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
      {languages.map(({ locale, short, rest }) => (
        <Link
          key={locale}
          href={here}
          locale={locale}
          lang={locale}
          hrefLang={locale}
          aria-label={short + rest}
          aria-current={locale === current ? "true" : undefined}
          className="nav-link text-small"
          scroll={false}
          prefetch={false}
          onClick={() => remember(locale)}
        >
          {short}
          <span className="max-sm:hidden">{rest}</span>
        </Link>
      ))}
    </nav>
  );
}
