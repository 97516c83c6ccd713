import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { wireHeader } from "./wire-headers";

const loopback = /^(?:::1$|(?:::ffff:)?127\.)/;
/** Any of them says that somebody asked through a proxy on this machine. */
const proxyHeaders = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
];

/**
 * Whether the metrics are for who asks: somebody on this machine itself, or who says the token. Decided by the request and
 * not by its path, which Next understands in several ways of writing.
 */
export function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  const isForwarded = proxyHeaders.some((name) => wireHeader(request, name).length > 0);
  if (!isForwarded && loopback.test(request.socket.remoteAddress ?? "")) return true;
  const [, said] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  return token !== undefined && said !== undefined && timingSafeEqual(digestOf(said), digestOf(token));
}

/** Of one length, as the comparison needs. */
const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
