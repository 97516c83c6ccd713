import { addressOf, locales } from "../../protocol/locales";

/** Pages of one visitor alone, and addresses that are no pages. */
const closed = ["/api/", "/direct", "/me"];

export function robotsOf(origin: string): string {
  const rules = locales.flatMap((locale) => closed.map((path) => `Disallow: ${addressOf("", locale, path)}`));
  return ["User-agent: *", ...rules, "", `Sitemap: ${origin}/sitemap.xml`, ""].join("\n");
}
