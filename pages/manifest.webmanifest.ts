import type { GetServerSideProps } from "next";
import { iconsOf } from "../content/icons";
import { currentSite } from "../content/site";
import { addressOf, type Locale } from "../protocol/locales";

/** What an installed app is called changes with a new build: browsers see it within an hour. */
const keptSeconds = 3_600;

export const getServerSideProps: GetServerSideProps = async ({ res, locale }) => {
  const manifest = manifestOf(locale as Locale);
  res.setHeader("Content-Type", "application/manifest+json; charset=utf-8");
  res.setHeader("Cache-Control", `public, max-age=${keptSeconds}`);
  res.end(JSON.stringify(manifest));
  return { props: {} };
};

function manifestOf(locale: Locale): object {
  const site = currentSite();
  const { original } = site.languages;
  return {
    id: "/chat",
    name: site.appName[locale],
    short_name: site.name[locale],
    description: site.tagline[locale],
    lang: locale,
    dir: "ltr",
    start_url: addressOf({ origin: "", original }, locale, "/chat"),
    scope: "/",
    display: "standalone",
    background_color: "#faf6ee",
    theme_color: "#faf6ee",
    categories: ["social"],
    icons: iconsOf(site).app,
  };
}

/** Never rendered: the manifest is sent above. */
export default function Manifest() {
  return null;
}
