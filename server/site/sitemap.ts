import type { Locale } from "../../protocol/events";
import { addressOf, locales, originalLocale } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";
import type { SitePost } from "./posts";
import { xml } from "./xml";

type Page = { path: string; languages: readonly Locale[]; changed?: string | undefined };

/** Pages that last and are the same for all readers. Rooms are not listed: they belong to visitors, and end. */
const lasting: Page[] = ["/", "/chat", "/rooms"].map((path) => ({ path, languages: locales }));

/** Every page worth finding, in every language in which it is written, each with its translations. */
export function sitemapOf(origin: string, posts: readonly SitePost[]): string {
  const written = posts.map(({ slug, heads, date }) => ({
    path: postPath(slug),
    languages: [...heads.keys()],
    changed: date,
  }));
  const urls = [...lasting, ...written].flatMap((page) =>
    page.languages.map((locale) => urlOf(origin, locale, page)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${urls.join("\n")}
</urlset>
`;
}

function urlOf(origin: string, locale: Locale, { path, languages, changed }: Page): string {
  const alternates = [
    ...languages.map((each) => [each, each] as const),
    ["x-default", originalLocale] as const,
  ];
  return [
    "<url>",
    `<loc>${xml(addressOf(origin, locale, path))}</loc>`,
    ...(changed === undefined ? [] : [`<lastmod>${xml(changed)}</lastmod>`]),
    ...alternates.map(
      ([name, each]) =>
        `<xhtml:link rel="alternate" hreflang="${name}" href="${xml(addressOf(origin, each, path))}"/>`,
    ),
    "</url>",
  ].join("");
}
