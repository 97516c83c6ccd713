import path from "node:path";
import { fileURLToPath } from "node:url";
import { tsImport } from "tsx/esm/api";

const root = path.dirname(fileURLToPath(import.meta.url));
const { prepareBuild } = await tsImport("./content/prepare-build.ts", import.meta.url);
const site = await prepareBuild();
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
  // Scripts send what is written. Without them a form would throw it away for its own address with a question mark.
  "form-action 'none'",
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

/**
 * A page names the scripts of its build: kept longer than that, it would ask for scripts that are gone. Its language may
 * come from the reader's cookie or browser.
 */
const pageHeaders = [
  { key: "Cache-Control", value: "no-cache" },
  { key: "Vary", value: "Accept-Language, Cookie" },
];

/**
 * Half of the socket client is for transports other than WebSocket, which our server refuses, for binary packets, which our
 * wire has not, for addresses and queries that the page does not pass, and for reconnecting by itself
 * (docs/decisions/059-one-transport-client.md). The server is bundled as
 * well, and keeps its own.
 */
const inBrowser = (file) => ({ browser: `./components/chat/client/${file}.ts` });
const otherTransports = [
  "websocket",
  "websocket.node",
  "polling-fetch",
  "polling-xhr",
  "polling-xhr.node",
  "webtransport",
];
const resolveAlias = {
  ...Object.fromEntries(otherTransports.map((name) => [`./transports/${name}.js`, inBrowser("no-parts")])),
  "./transports/index.js": inBrowser("engine-transports"),
  "./contrib/parseqs.js": inBrowser("no-parts"),
  "./contrib/parseuri.js": inBrowser("no-parts"),
  "./contrib/backo2.js": inBrowser("no-parts"),
  "@socket.io/component-emitter": inBrowser("emitter"),
  "engine.io-parser": inBrowser("engine-frames"),
  "socket.io-parser": inBrowser("socket-packets"),
  "site-accent.css": site.accentSheet,
  "socket.io-client": { browser: "./node_modules/socket.io-client/build/esm/manager.js" },
};

// Files that Next copies into the standalone folder and the server never loads: 25 MB of 57. The key `next-server`
// stands for Next's own server, the other one for every page.
const outputFileTracingExcludes = {
  "next-server": [
    // The image optimizer, which `images.unoptimized` turns off.
    "node_modules/sharp/**",
    "node_modules/@img/**",
    // Font metrics for `next/font`, which needs them at build time and which no page uses.
    "node_modules/next/dist/server/capsize-font-metrics.json",
  ],
  "/**": [
    // Next's server.js sets NODE_ENV to production before it loads React.
    "node_modules/{react,react-dom}/**/*.development.js",
    // Posts are rendered by the build, which alone reads these files (content/markdown.ts).
    "components/words/*.json",
  ],
};

/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  outputFileTracingRoot: root,
  outputFileTracingIncludes: {
    "/**": [
      "server/redis/lua/*.lua",
      "server/broker/redis/lua/*.lua",
      "server/names/*.txt",
      "server/moderation/*.txt",
    ],
  },
  outputFileTracingExcludes,
  // It finds its compiled part beside its own files.
  serverExternalPackages: ["classic-level"],
  turbopack: { root, resolveAlias },
  poweredByHeader: false,
  // The server has chosen the language before Next sees the request (server/site/reader-language.ts).
  i18n: { locales: [...site.languages.on], defaultLocale: site.languages.original, localeDetection: false },
  // The shared runtime is an inline script, which a strict policy blocks.
  // Pages are static: nothing is to be written at run time, where the file system may be read-only.
  // A page's scripts are few: together they compress better, 1.7 KB for the chat.
  experimental: {
    turbopackSharedRuntime: false,
    isrFlushToDisk: false,
    turbopackChunking: { minChunkSize: 200_000, requestCost: 1_000_000 },
  },
  images: { unoptimized: true },
  // What this build does not have may be another one's (docs/decisions/027-assets-of-other-builds.md).
  rewrites: async () => ({
    fallback: [
      { source: "/_next/static/:path*", destination: "/api/assets/static/:path*", locale: false },
      { source: "/_next/data/:path*", destination: "/api/assets/data/:path*", locale: false },
    ],
  }),
  headers: async () => [
    { source: "/:path*", locale: false, headers: securityHeaders },
    { source: "/:path((?!_next/|api/|.*\\.).*)", locale: false, headers: pageHeaders },
    // A post's name may have a dot.
    { source: "/posts/:slug", headers: pageHeaders },
  ],
};
