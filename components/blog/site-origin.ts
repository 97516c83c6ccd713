import { normalOrigin } from "../../protocol/origin";

/**
 * The site's address as configured for the build, for links in metadata. "" when it is not set: addresses then have no
 * host, since pages are built before any request could tell it.
 */
export function siteOrigin(): string {
  const { SITE_URL = "" } = process.env;
  if (SITE_URL === "") return "";
  const origin = normalOrigin(SITE_URL);
  if (origin === undefined)
    throw new Error("SITE_URL must be an address without a path, as https://blog.example");
  return origin;
}
