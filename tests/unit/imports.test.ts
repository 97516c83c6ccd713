import { circlesAmong, type Import, importsIn, importsOf, sourceFiles } from "../support/imports";
import { expect, test } from "../support/plain-test";

/** The shelves or single files that a shelf may import besides its own. `*` stands for all of server/. */
const mayImport: Record<string, readonly string[]> = {
  protocol: [],
  content: ["components/words", "protocol"],
  "components/words": ["protocol"],
  "components/ui": ["components/words"],
  "components/chat": ["components/ui", "components/words", "protocol"],
  "components/rooms": ["components/chat", "components/ui", "components/words", "protocol"],
  "components/direct": [
    "components/chat",
    "components/rooms",
    "components/ui",
    "components/words",
    "protocol",
  ],
  "components/identity": [
    "components/chat",
    "components/direct",
    "components/rooms",
    "components/ui",
    "components/words",
    "protocol",
  ],
  "components/owner": [
    "components/chat",
    "components/rooms",
    "components/ui",
    "components/words",
    "protocol",
    "styles/owner",
  ],
  // Only its types: this shelf reads files.
  "components/blog": [
    "content/page-props.ts",
    "content/render-post.ts",
    "components/chat",
    "components/direct",
    "components/ui",
    "components/words",
    "protocol",
  ],
  pages: [
    "components/blog",
    "components/chat",
    "components/direct",
    "components/identity",
    "components/owner",
    "components/rooms",
    "components/ui",
    "components/words",
    "content",
    "protocol",
    "server/running-app.ts",
    "styles",
  ],
  "instrumentation.ts": ["server/boot.ts"],
  "server/lib": [],
  "server/errors.ts": ["protocol"],
  "server/site": ["content", "protocol"],
  "server/names": ["server/errors.ts", "protocol"],
  "server/redis": ["server/errors.ts", "server/lib", "protocol"],
  "server/assets": ["server/errors.ts", "server/lib", "server/redis"],
  "server/journal": ["server/errors.ts", "server/lib"],
  "server/broker": [
    "server/errors.ts",
    "server/journal",
    "server/lib",
    "server/names",
    "server/redis",
    "protocol",
  ],
  "server/records": ["server/errors.ts", "server/journal", "server/lib", "server/redis", "protocol"],
  "server/moderation": ["server/accounts", "server/limits", "domain"],
  "server/oversight": ["server/accounts", "server/direct", "server/moderation", "server/rooms", "domain"],
  "server/webhook": ["domain"],
  "server/rooms": ["server/accounts", "server/limits", "server/moderation", "domain"],
  "server/direct": ["server/accounts", "server/limits", "server/redis", "domain"],
  "server/limits": ["server/accounts", "server/redis", "domain"],
  "server/accounts": ["server/direct", "server/limits", "server/rooms", "domain"],
  "server/gateway": [
    "server/accounts",
    "server/assets",
    "server/direct",
    "server/limits",
    "server/moderation",
    "server/oversight",
    "server/redis/address.ts",
    "server/redis/store-warnings.ts",
    "server/rooms",
    "server/site",
    "content",
    "domain",
  ],
  "server/rates.ts": ["server/limits", "protocol"],
  "server/metrics.ts": ["server/broker", "server/gateway", "protocol"],
  "server/settings.ts": [
    "server/lib",
    "server/moderation/guard-level.ts",
    "server/redis/address.ts",
    "server/redis/tls-files.ts",
    "server/rooms",
    "protocol",
  ],
  "server/config.ts": [
    "server/settings.ts",
    "server/lib",
    "server/moderation/guard-level.ts",
    "server/redis/address.ts",
    "server/redis/tls-files.ts",
    "server/rooms",
  ],
  "server/session-keys.ts": ["server/config.ts", "server/lib", "server/session-secret.ts"],
  "server/session-secret.ts": [],
  "server/stores.ts": ["*"],
  "server/dump": ["server/broker", "server/records"],
  "server/dump-stores.ts": ["*"],
  "server/store-tool.ts": ["*"],
  "server/parts": ["*", "content"],
  "server/page-facts.ts": [
    "server/accounts",
    "server/config.ts",
    "server/gateway",
    "server/lib",
    "server/moderation",
    "server/parts",
    "content",
    "protocol",
  ],
  "server/app.ts": ["*"],
  "server/boot.ts": ["server/app.ts", "server/lib"],
  "server/running-app.ts": ["server/app.ts", "server/lib"],
  "server/before-next.mjs": [],
  // A client as others could write it: it imports the wire's types and nothing else of ours.
  "scripts/talk": ["protocol/events.ts"],
};

/** The imports that every shelf of the domain may have. */
const domain = [
  "server/broker",
  "server/errors.ts",
  "server/lib",
  "server/names",
  "server/records",
  "protocol",
];

/** The only places that import a package. Packages without a line here may be imported anywhere. */
const doors: Record<string, readonly string[]> = {
  "@mdx-js/mdx": ["content/markdown.ts"],
  "@node-rs/argon2": ["server/accounts/passwords.ts"],
  "altcha-lib": ["server/limits/proofs.ts"],
  "classic-level": ["server/journal/level"],
  "image-size": ["content/pictures.ts"],
  ioredis: ["server/redis"],
  jose: ["server/accounts/identity.ts"],
  pino: ["server/lib/logger.ts"],
  "prom-client": ["server/metrics.ts"],
  "socket.io": ["server/gateway"],
  "socket.io-client": ["components/chat/client/sockets.ts", "scripts/talk/connection.ts"],
  "unique-names-generator": ["server/names"],
  uqr: ["components/identity"],
  yaml: ["content/faults.ts", "content/unclear-yaml.ts"],
  zod: ["content", "server/gateway", "server/settings.ts", "server/dump"],
};

/** Parts of a shelf that only the same part, or the named files, may import. All other files import contracts. */
const keepsItsTwins = /^(server\/\w+\/(?:level|memory|redis))\//;
const composes = ["server/stores.ts", "server/dump-stores.ts"];

const isIn = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);
const shelves = Object.keys(mayImport);
const shelfOf = (file: string): string | undefined => shelves.find((shelf) => isIn(file, shelf));

/** The reason why an import is not allowed; undefined when it is. */
function faultOf({ from, to, isOurs }: Import): string | undefined {
  if (!isOurs) {
    const places = doors[to];
    return places === undefined || places.some((place) => isIn(from, place))
      ? undefined
      : `${from} imports ${to}`;
  }
  const shelf = shelfOf(from);
  if (shelf === undefined) return `${from} stands on no shelf of the table`;
  const allowed = [shelf, ...(mayImport[shelf] ?? [])].flatMap((place) =>
    place === "domain" ? domain : [place],
  );
  const isAllowed = allowed.some((place) => (place === "*" ? isIn(to, "server") : isIn(to, place)));
  const twin = keepsItsTwins.exec(to)?.[1];
  const isOpen = twin === undefined || isIn(from, twin) || composes.includes(from);
  return isAllowed && isOpen ? undefined : `${from} imports ${to}`;
}

const files = sourceFiles([
  "protocol",
  "content",
  "components",
  "pages",
  "server",
  "instrumentation.ts",
  "scripts/talk",
]);
const imports = files.flatMap(importsOf);

test("each shelf imports only what its line in the table allows", () => {
  expect(imports.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
});

test("the table notices a wrong direction, a foreign twin and a second door", () => {
  const faults = [
    ["components/ui/dialog.tsx", '"../chat/chat-room"'],
    ["protocol/events.ts", '"../server/errors"'],
    ["server/rooms/rooms.ts", '"../broker/redis/broker"'],
    ["server/gateway/gateway.ts", '"ioredis"'],
    ["scripts/talk/feed.ts", '"../../protocol/limits"'],
  ].flatMap(([from = "", to]) => importsIn(from, `import type { X } from ${to};`).map(faultOf));
  expect(faults.filter((fault) => fault === undefined)).toEqual([]);
  expect(importsIn("server/app.ts", 'import("./errors")').map(faultOf)).toEqual([undefined]);
});

test("no file imports itself through others, not even by types", () => {
  expect(circlesAmong(imports)).toEqual([]);
});

test("a circle is found", () => {
  const link = (from: string, to: string): Import => ({ from, to, isOurs: true });
  expect(circlesAmong([link("a", "b"), link("b", "c"), link("c", "b"), link("c", "d")])).toEqual([
    ["b", "c"],
  ]);
});
