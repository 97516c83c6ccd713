import type { IncomingMessage } from "node:http";
import { normalOrigin } from "../../protocol/origin";
import { wireHeader } from "./wire-headers";

/** `siteOrigin`: from SITE_URL. */
export type SiteSettings = { siteOrigin: string | undefined; trustedProxyHops: number };

/**
 * The site's public origin: SITE_URL, or else the Host of the request, in the scheme that the trusted proxies report.
 * Undefined for a request without a valid Host.
 */
export function siteOriginOf(request: IncomingMessage, settings: SiteSettings): string | undefined {
  if (settings.siteOrigin !== undefined) return settings.siteOrigin;
  const { host = "" } = request.headers;
  return normalOrigin(`${schemeOf(request, settings.trustedProxyHops) ?? "http"}://${host}`);
}

/** The scheme in which the reader reached the first trusted proxy; undefined if none is trusted, or it does not say. */
export function schemeOf(request: IncomingMessage, trustedHops: number): "http" | "https" | undefined {
  if (trustedHops === 0) return undefined;
  const told = wireHeader(request, "x-forwarded-proto").join(",").split(",");
  const scheme = told.slice(-trustedHops)[0]?.trim().toLowerCase();
  return scheme === "https" || scheme === "http" ? scheme : undefined;
}
