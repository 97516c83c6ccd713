import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { wireHeader } from "./wire-headers";

const loopback = /^(?:::1$|(?:::ffff:)?127\.)/;
/** Each of these headers says that the request came through a proxy on this machine. */
const proxyHeaders = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
];

/**
 * Whether this request may read the metrics: it comes from this machine itself, or carries the token. Decided by the
 * request and not by its path, which Next accepts in several spellings.
 */
export function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  const isForwarded = proxyHeaders.some((name) => wireHeader(request, name).length > 0);
  if (!isForwarded && loopback.test(request.socket.remoteAddress ?? "")) return true;
  const [, presented] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  return (
    token !== undefined && presented !== undefined && timingSafeEqual(digestOf(presented), digestOf(token))
  );
}

/** Digests, because timingSafeEqual needs equal lengths. */
const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
