import { addressOf, type SiteLanguages } from "../../protocol/locales";

/** Pages of one visitor alone, and addresses that are no pages. */
const closed = ["/api/", "/direct", "/me", "/owner"];

export function robotsOf(origin: string, { original, on }: SiteLanguages): string {
  const at = { origin: "", original };
  const rules = on.flatMap((locale) => closed.map((path) => `Disallow: ${addressOf(at, locale, path)}`));
  return ["User-agent: *", ...rules, "", `Sitemap: ${origin}/sitemap.xml`, ""].join("\n");
}
