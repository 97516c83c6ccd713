import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));
const isProduction = process.env.NODE_ENV === "production";

/**
 * Nothing but this site's own files may run, load or connect. `next dev` needs eval and inline styles for
 * its reload; the production build does not (docs/decisions/005-strict-csp.md).
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self'${isProduction ? "" : " 'unsafe-eval' 'unsafe-inline'"}`,
  "worker-src 'self'",
  `style-src 'self'${isProduction ? "" : " 'unsafe-inline'"}`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const securityHeaders = [
  { key: "Content-Security-Policy", value: contentSecurityPolicy },
  // `next dev` serves one of its scripts as JSON.
  ...(isProduction ? [{ key: "X-Content-Type-Options", value: "nosniff" }] : []),
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), browsing-topics=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

/** A sixth of the socket client is for transports that our server refuses (docs/decisions/020-websocket-alone.md). */
const noTransport = "./components/chat/client/no-transport.ts";
const otherTransports = ["polling-fetch", "polling-xhr", "polling-xhr.node", "webtransport"];
/**
 * Other parts of it are for binary packets, which our wire has not, for browsers without `URL`, and for reconnecting by itself
 * (docs/decisions/040-text-only-socket-client.md). The server is bundled as well, and keeps the parsers whole.
 */
const client = "./components/chat/client";
const resolveAlias = {
  ...Object.fromEntries(
    otherTransports.flatMap((name) => [
      [`./${name}.js`, noTransport],
      [`./transports/${name}.js`, noTransport],
    ]),
  ),
  "./contrib/parseuri.js": `${client}/small-parts.ts`,
  "./contrib/backo2.js": `${client}/small-parts.ts`,
  "engine.io-parser": { browser: `${client}/engine-frames.ts` },
  "socket.io-parser": { browser: `${client}/socket-packets.ts` },
};

/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  outputFileTracingRoot: root,
  outputFileTracingIncludes: { "/**": ["server/redis/scripts/*.lua", "posts/*/en.mdx"] },
  turbopack: { root, resolveAlias },
  poweredByHeader: false,
  i18n: { locales: ["en", "ko", "ja"], defaultLocale: "en" },
  // The shared runtime is an inline script, which a strict policy blocks.
  // Pages are static: nothing is to be written at run time, where the file system may be read-only.
  experimental: { turbopackSharedRuntime: false, isrFlushToDisk: false },
  images: { unoptimized: true },
  headers: async () => [{ source: "/:path*", locale: false, headers: securityHeaders }],
};
