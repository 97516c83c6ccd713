import type { Locale } from "../../protocol/events";
import { addressOf, originalLocale } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";
import type { SitePost } from "./posts";
import { xml } from "./xml";

/** What the site calls itself in the feed's language. */
export type FeedWords = { locale: Locale; name: string; description: string };

/** As many as a reader that comes after a long time wants. */
const maxEntries = 50;

/** The newest posts as an Atom feed (RFC 4287), those without a translation in their original language. */
export function feedOf(
  origin: string,
  posts: readonly SitePost[],
  { locale, name, description }: FeedWords,
): string {
  const dated = posts.flatMap((post) => (post.date === undefined ? [] : [{ post, date: post.date }]));
  const self = xml(addressOf(origin, locale, "/feed.xml"));
  const entries = dated.slice(0, maxEntries).map(({ post, date }) => entryOf(origin, locale, post, date));
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">
<id>${self}</id>
<title>${xml(name)}</title>
<subtitle>${xml(description)}</subtitle>
<updated>${momentOf(dated[0]?.date ?? "1970-01-01")}</updated>
<author><name>${xml(name)}</name></author>
<icon>${xml(`${origin}/icon-192.png`)}</icon>
<link rel="self" type="application/atom+xml" href="${self}"/>
<link rel="alternate" type="text/html" hreflang="${locale}" href="${xml(addressOf(origin, locale, "/"))}"/>
${entries.join("\n")}
</feed>
`;
}

function entryOf(origin: string, locale: Locale, { slug, heads }: SitePost, date: string): string {
  const written = heads.has(locale) ? locale : originalLocale;
  const head = heads.get(written);
  const address = xml(addressOf(origin, written, postPath(slug)));
  return [
    `<entry xml:lang="${written}">`,
    `<id>${address}</id>`,
    `<title>${xml(head?.title ?? slug)}</title>`,
    `<published>${momentOf(date)}</published><updated>${momentOf(date)}</updated>`,
    `<link rel="alternate" type="text/html" hreflang="${written}" href="${address}"/>`,
    `<summary>${xml(head?.summary ?? "")}</summary>`,
    "</entry>",
  ].join("");
}

const momentOf = (date: string): string => `${date}T00:00:00Z`;
