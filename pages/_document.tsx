import NextDocument, {
  type DocumentContext,
  type DocumentProps,
  Head,
  Html,
  Main,
  NextScript,
} from "next/document";
import { PageMeta } from "../components/blog/page-meta";
import { loadWords } from "../components/words/load-words";
import type { ProgramWords } from "../components/words/words";
import { iconsOf } from "../content/icons";
import { originOf } from "../content/origin";
import { currentSite } from "../content/site";
import { addressOf, type Locale } from "../protocol/locales";

type Props = DocumentProps & { words: ProgramWords };

export default function Document({ locale, head = [], __NEXT_DATA__: next, words }: Props) {
  const site = currentSite();
  const language = locale as Locale;
  const { original, on } = site.languages;
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
        {iconsOf(site).links.map((icon) => (
          <link key={icon.href} {...icon} />
        ))}
        <link rel="manifest" href={addressOf({ origin: "", original }, language, "/manifest.webmanifest")} />
        <PageMeta
          page={next.page}
          query={next.query}
          locale={language}
          head={head}
          post={next.props.pageProps?.post}
          at={{ origin: originOf(site), original }}
          languages={on}
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
  words: await loadWords(context.locale ?? currentSite().languages.original),
});
