import "../styles/globals.css";
// The owner's accent, which next.config.js writes.
import "site-accent.css";
import type { AppProps } from "next/app";
import Head from "next/head";
import { followIdentity } from "../components/blog/follow-identity";
import { HeaderContext } from "../components/blog/header-context";
import { HeaderSiteContext } from "../components/blog/header-site";
import { keepOriginalLocale } from "../components/blog/original-locale";
import { SiteHeader } from "../components/blog/site-header";
import { Broken } from "../components/ui/broken";
import { ErrorBoundary } from "../components/ui/error-boundary";
import { type Words, WordsProvider } from "../components/words/words";
import type { HeaderSite } from "../content/page-props";
import type { Locale } from "../protocol/locales";

if (typeof window !== "undefined") {
  followIdentity();
  keepOriginalLocale();
}

const header = <SiteHeader />;

/** Next's own page for a fault of the server has neither. */
type PageProps = { words?: Words; site?: HeaderSite };

const bareHeader: HeaderSite = { links: [] };

export default function App({ Component, pageProps, router }: AppProps<PageProps>) {
  return (
    <WordsProvider locale={router.locale as Locale} words={pageProps.words}>
      <Head>
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
      </Head>
      <ErrorBoundary key={router.pathname} fallback={<Broken />}>
        <HeaderSiteContext value={pageProps.site ?? bareHeader}>
          <HeaderContext value={header}>
            <Component {...pageProps} />
          </HeaderContext>
        </HeaderSiteContext>
      </ErrorBoundary>
    </WordsProvider>
  );
}
