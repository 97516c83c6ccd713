import "../styles/globals.css";
import type { AppProps } from "next/app";
import Head from "next/head";
import { followIdentity } from "../components/blog/follow-identity";
import { HeaderContext } from "../components/blog/header-context";
import { keepOriginalLocale } from "../components/blog/original-locale";
import { SiteHeader } from "../components/blog/site-header";
import { Broken } from "../components/ui/broken";
import { ErrorBoundary } from "../components/ui/error-boundary";
import { type Words, WordsProvider } from "../components/words/words";
import { type Locale, originalLocale } from "../protocol/locales";

if (typeof window !== "undefined") {
  followIdentity();
  keepOriginalLocale();
}

const header = <SiteHeader />;

type PageProps = { words?: Words };

export default function App({ Component, pageProps, router }: AppProps<PageProps>) {
  return (
    <WordsProvider locale={(router.locale ?? originalLocale) as Locale} words={pageProps.words}>
      <Head>
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
      </Head>
      <ErrorBoundary key={router.pathname} fallback={<Broken />}>
        <HeaderContext value={header}>
          <Component {...pageProps} />
        </HeaderContext>
      </ErrorBoundary>
    </WordsProvider>
  );
}
