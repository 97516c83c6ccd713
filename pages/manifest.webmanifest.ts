import type { GetServerSideProps } from "next";
import { loadWords } from "../components/words/load-words";
import type { Words } from "../components/words/words";
import { addressOf, type Locale, originalLocale } from "../protocol/locales";

/** What an installed app is called changes with a new build: browsers see it within an hour. */
const keptSeconds = 3_600;

export const getServerSideProps: GetServerSideProps = async ({ res, locale = originalLocale }) => {
  const manifest = manifestOf(locale as Locale, await loadWords(locale));
  res.setHeader("Content-Type", "application/manifest+json; charset=utf-8");
  res.setHeader("Cache-Control", `public, max-age=${keptSeconds}`);
  res.end(JSON.stringify(manifest));
  return { props: {} };
};

const manifestOf = (locale: Locale, words: Words): object => ({
  id: "/chat",
  name: words["site.appName"],
  short_name: words["site.shortName"],
  description: words["site.description"],
  lang: locale,
  dir: "ltr",
  start_url: addressOf("", locale, "/chat"),
  scope: "/",
  display: "standalone",
  background_color: "#faf6ee",
  theme_color: "#faf6ee",
  categories: ["social"],
  icons: [
    { src: "/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
    { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
    { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
  ],
});

/** Never rendered: the manifest is sent above. */
export default function Manifest() {
  return null;
}
