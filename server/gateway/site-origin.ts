import type { IncomingMessage } from "node:http";
import { normalOrigin } from "../../protocol/origin";
import { wireHeader } from "./wire-headers";

/** `siteOrigin`: what SITE_URL says. */
export type SiteSettings = { siteOrigin: string | undefined; trustedProxyHops: number };

/**
 * Where readers reach this site: what the settings say, or else what they asked for. Whether they spoke TLS is known from the
 * proxies that are trusted. Undefined for a request without a proper Host.
 */
export function siteOriginOf(request: IncomingMessage, settings: SiteSettings): string | undefined {
  if (settings.siteOrigin !== undefined) return settings.siteOrigin;
  const { host = "" } = request.headers;
  return normalOrigin(`${schemeOf(request, settings.trustedProxyHops) ?? "http"}://${host}`);
}

/** How the reader reached the first proxy that is trusted; undefined when none is, or it does not say. */
export function schemeOf(request: IncomingMessage, trustedHops: number): "http" | "https" | undefined {
  if (trustedHops === 0) return undefined;
  const told = wireHeader(request, "x-forwarded-proto").join(",").split(",");
  const scheme = told.slice(-trustedHops)[0]?.trim().toLowerCase();
  return scheme === "https" || scheme === "http" ? scheme : undefined;
}
