import { Head, Html, Main, NextScript } from "next/document";

export default function Document() {
  return (
    <Html>
      <Head>
        {/* Blocking on purpose: they decide before the first paint, and the policy forbids inline scripts. */}
        <script src="/language.js" />
        <script src="/theme.js" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="manifest" href="/manifest.webmanifest" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf6ee" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1b1815" />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
