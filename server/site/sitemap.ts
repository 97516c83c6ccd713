import type { SitePost } from "../../content/posts";
import type { Locale } from "../../protocol/events";
import { addressOf, type SiteAddress, type SiteLanguages } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";
import { xml } from "./xml";

type Page = { path: string; languages: readonly Locale[]; original: Locale; changed?: string };

/** Pages that last and are the same for all readers. Rooms are not listed: they belong to visitors, and end. */
const lasting = ["/", "/chat", "/rooms", "/privacy"];

/** Every page worth finding, in every language in which it is written, each with its translations. */
export function sitemapOf(
  at: SiteAddress,
  { on, original }: SiteLanguages,
  posts: readonly SitePost[],
): string {
  const standing = lasting.map((path): Page => ({ path, languages: on, original }));
  const written = posts.map(
    ({ slug, heads, date, original }): Page => ({
      path: postPath(slug),
      languages: [...heads.keys()],
      original,
      changed: date,
    }),
  );
  const urls = [...standing, ...written].flatMap((page) =>
    page.languages.map((locale) => urlOf(at, locale, page, on.length > 1)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${urls.join("\n")}
</urlset>
`;
}

/** A site in one language has no translations to name. */
function urlOf(at: SiteAddress, locale: Locale, page: Page, areTranslated: boolean): string {
  const { path, languages, original, changed } = page;
  const alternates = areTranslated
    ? [...languages.map((each) => [each, each] as const), ["x-default", original] as const]
    : [];
  return [
    "<url>",
    `<loc>${xml(addressOf(at, locale, path))}</loc>`,
    ...(changed === undefined ? [] : [`<lastmod>${xml(changed)}</lastmod>`]),
    ...alternates.map(
      ([name, each]) =>
        `<xhtml:link rel="alternate" hreflang="${name}" href="${xml(addressOf(at, each, path))}"/>`,
    ),
    "</url>",
  ].join("");
}
