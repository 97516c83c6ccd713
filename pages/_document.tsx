import NextDocument, {
  type DocumentContext,
  type DocumentProps,
  Head,
  Html,
  Main,
  NextScript,
} from "next/document";
import { PageMeta } from "../components/blog/page-meta";
import { siteOrigin } from "../components/blog/site-origin";
import { loadWords } from "../components/words/load-words";
import type { Words } from "../components/words/words";
import { addressOf, type Locale, originalLocale } from "../protocol/locales";

type Props = DocumentProps & { words: Words };

export default function Document({ locale, head = [], __NEXT_DATA__: next, words }: Props) {
  const language = (locale ?? originalLocale) as Locale;
  return (
    <Html>
      <Head>
        {/* Makes the background dark before the styles load; theme.js overrides it for a chosen theme. */}
        <meta name="color-scheme" content="light dark" />
        {/* theme.js decides which of these two applies. */}
        <meta
          name="theme-color"
          media="(prefers-color-scheme: light)"
          data-theme-color="light"
          content="#faf6ee"
        />
        <meta
          name="theme-color"
          media="(prefers-color-scheme: dark)"
          data-theme-color="dark"
          content="#1b1815"
        />
        {/* First, so that it hears of every later file that fails. */}
        <script
          src="/recover.js"
          data-failed={words["recover.failed"]}
          data-trying={words["recover.trying"]}
          data-reload={words["recover.reload"]}
        />
        {/* Blocking on purpose: it acts before the first paint, and the policy forbids inline scripts. */}
        <script src="/theme.js" />
        <link rel="icon" href="/favicon.ico" sizes="32x32" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
        <link rel="manifest" href={addressOf("", language, "/manifest.webmanifest")} />
        <PageMeta
          page={next.page}
          query={next.query}
          locale={language}
          head={head}
          post={next.props.pageProps?.post}
          origin={siteOrigin()}
        />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}

Document.getInitialProps = async (context: DocumentContext) => ({
  ...(await NextDocument.getInitialProps(context)),
  words: await loadWords(context.locale),
});
