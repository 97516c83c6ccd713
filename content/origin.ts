import { normalOrigin } from "../protocol/origin";
import { siteUrlSetting } from "./folder";
import type { Site } from "./site";

/**
 * The site's address for links in metadata: SITE_URL, or else `metadataBase`. "" when neither is set: addresses then have no
 * host, since pages are built before any request could tell it.
 */
export function originOf({ metadataBase = "" }: Pick<Site, "metadataBase">): string {
  const setting = siteUrlSetting();
  if (setting === "") return metadataBase;
  const origin = normalOrigin(setting);
  if (origin === undefined)
    throw new Error("SITE_URL must be an address without a path, as https://blog.example");
  return origin;
}
