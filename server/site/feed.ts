import { headFor, languageFor, type SitePost } from "../../content/posts";
import type { Locale } from "../../protocol/events";
import { addressOf, type SiteAddress } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";
import { xml } from "./xml";

/** What the site calls itself in the feed's language. */
export type FeedWords = { locale: Locale; name: string; description: string };

/** As many as a reader that comes after a long time wants. */
const maxEntries = 50;

/** The newest posts as an Atom feed (RFC 4287), those without a translation in their original language. */
export function feedOf(
  at: SiteAddress,
  posts: readonly SitePost[],
  { locale, name, description }: FeedWords,
): string {
  const self = xml(addressOf(at, locale, "/feed.xml"));
  const entries = posts.slice(0, maxEntries).map((post) => entryOf(at, locale, post));
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">
<id>${self}</id>
<title>${xml(name)}</title>
<subtitle>${xml(description)}</subtitle>
<updated>${momentOf(posts[0]?.date ?? "1970-01-01")}</updated>
<author><name>${xml(name)}</name></author>
<icon>${xml(`${at.origin}/icon-192.png`)}</icon>
<link rel="self" type="application/atom+xml" href="${self}"/>
<link rel="alternate" type="text/html" hreflang="${locale}" href="${xml(addressOf(at, locale, "/"))}"/>
${entries.join("\n")}
</feed>
`;
}

function entryOf(at: SiteAddress, locale: Locale, post: SitePost): string {
  const written = languageFor(post, locale);
  const { title, date, summary, tags } = headFor(post, locale);
  const address = xml(addressOf(at, written, postPath(post.slug)));
  return [
    `<entry xml:lang="${written}">`,
    `<id>${address}</id>`,
    `<title>${xml(title)}</title>`,
    `<published>${momentOf(date)}</published><updated>${momentOf(date)}</updated>`,
    `<link rel="alternate" type="text/html" hreflang="${written}" href="${address}"/>`,
    ...tags.map((tag) => `<category term="${xml(tag)}"/>`),
    `<summary>${xml(summary)}</summary>`,
    "</entry>",
  ].join("");
}

const momentOf = (date: string): string => `${date}T00:00:00Z`;
