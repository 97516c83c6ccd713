import type { IncomingMessage } from "node:http";
import { normalOrigin } from "../../protocol/origin";

/** `siteOrigin`: what SITE_URL says. */
export type SiteSettings = { siteOrigin: string | undefined; trustedProxyHops: number };

/**
 * Where readers reach this site: what the settings say, or else what they asked for. Whether they spoke TLS is known from the
 * proxies that are trusted. Undefined for a request without a proper Host.
 */
export function siteOriginOf(request: IncomingMessage, settings: SiteSettings): string | undefined {
  if (settings.siteOrigin !== undefined) return settings.siteOrigin;
  const { host = "", "x-forwarded-proto": forwarded = [] } = request.headers;
  const told = [forwarded].flat().join(",").split(",");
  const trusted = told
    .slice(-settings.trustedProxyHops || told.length)[0]
    ?.trim()
    .toLowerCase();
  const isSecure = settings.trustedProxyHops > 0 && trusted === "https";
  return normalOrigin(`${isSecure ? "https" : "http"}://${host}`);
}
