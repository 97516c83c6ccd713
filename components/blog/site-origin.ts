import { normalOrigin } from "../../protocol/origin";

/**
 * The site's address as the build was told it, for what a page names to machines; "" when it was not told: then addresses
 * have no host, since a page is built before anybody asks for it.
 */
export function siteOrigin(): string {
  const { SITE_URL = "" } = process.env;
  if (SITE_URL === "") return "";
  const origin = normalOrigin(SITE_URL);
  if (origin === undefined)
    throw new Error("SITE_URL must be an address without a path, as https://blog.example");
  return origin;
}
