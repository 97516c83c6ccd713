/** The first parts of the paths of pages and of the site's files for machines, without the language. */
export const pageNames: ReadonlySet<string> = new Set([
  "chat",
  "rooms",
  "direct",
  "me",
  "owner",
  "posts",
  "privacy",
  "sitemap.xml",
  "robots.txt",
  "feed.xml",
  "manifest.webmanifest",
]);
